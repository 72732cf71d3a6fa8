/** What `karmor run --help` prints. */
export const RUN_HELP = `Usage: karmor run [options] -- command [arguments]

Runs a command in a scope: a workload that policies select like a container. Its root is an overlay over the
machine's own root, or over a directory, with the writes kept apart in memory until it ends. The agent puts
its policies in force before the command's first instruction.

What policies select by:
  --name NAME            name of the scope (default: that of the command)
  --namespace NAME       its namespace (default: the agent's, container_namespace)
  --label KEY=VALUE      a label; may be repeated

What it sees:
  --image DIR            directory that becomes the root (default: the machine's own root)
  --net host|private     network; private has only its own loopback (default: host)
  --pid private|host     processes (default: private)
  --ipc private|host     System V IPC and POSIX queues (default: private)
  --uts private|host     host name (default: private)
  --hostname NAME        host name inside
  --tmpfs-size SIZE      most that can be written, such as 512m or 20% (default: half of the memory)

How the command starts:
  -w, --workdir DIR      working directory (default: the current one, / with --image)
  -e, --env KEY=VALUE    environment variable beyond the caller's; may be repeated
  -u, --user UID[:GID]   user, by number
  --cap-add NAME         capability beyond those of a container, or ALL; may be repeated
  --cap-drop NAME        capability to take away, or ALL; may be repeated

Confinement on top of policies, which denies without alerts:
  --confine              writes only below --writable; no chmod, chown, attributes, mknod, memfd, io_uring,
                         ptrace, nor sockets other than unix, IP and netlink; no new privileges
  --writable DIR         where it may write, besides /dev (default: /tmp, /var/tmp and /run); may be repeated

  --run-dir DIR          the agent's run directory (default: /run/kubearmor)
  --socket PATH          the agent's socket (default: KUBEARMOR_SOCKET, or RUN-DIR/agent.sock)
  -h, --help             this text

Exit status: that of the command; 128 and the signal's number when a signal ended it; 125 when the scope could
not be started; 126 when the command could not be executed; 127 when it was not found; 2 for a wrong usage.

Examples:
  karmor run --name web --label app=web -- nginx -g 'daemon off;'
  karmor run --name build --net private --workdir /src -- make test
  karmor run --image /srv/rootfs --user 1000:1000 --cap-drop ALL -- /bin/server
  karmor run --name job --confine --writable /var/lib/job -- /usr/local/bin/job
`;
