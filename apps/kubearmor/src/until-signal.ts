/** Resolves when the process gets one of these signals. */
export async function untilSignal(signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  const came = Promise.withResolvers<NodeJS.Signals>();
  // A pending promise alone does not hold a process.
  const hold = setInterval(() => undefined, 60_000);
  for (const signal of signals)
    process.once(signal, () => {
      came.resolve(signal);
    });
  try {
    return await came.promise;
  } finally {
    clearInterval(hold);
  }
}
