/** How many times longer than on a machine of its own everything may take here: a guest that is emulated says so. */
export const patience: number = Number(process.env['KUBEARMOR_E2E_PATIENCE'] ?? 1);
