import { Socket } from 'node:net'

/** Every host that this process tried to connect to; what is not this machine is refused before it is looked up. */
export interface NetworkGuard {
  readonly hosts: () => readonly string[]
  readonly lift: () => void
}

/** Guards the one place through which all connections of Node go. */
export function guardNetwork(): NetworkGuard {
  const hosts: string[] = []
  const { connect } = Socket.prototype
  function guarded(this: Socket, ...args: Parameters<typeof connect>): Socket {
    const [options] = args.flat(2) as readonly { readonly host?: string; readonly path?: string }[]
    const host = options?.host ?? options?.path ?? 'localhost'
    hosts.push(host)
    if (!/^(127\.0\.0\.1|localhost|::1)$/.test(host))
      return this.destroy(new Error(`No connection to ${host} is allowed here`))
    return Reflect.apply(connect, this, args)
  }
  Socket.prototype.connect = guarded as typeof connect
  return {
    hosts: () => hosts,
    lift: () => {
      Socket.prototype.connect = connect
    },
  }
}
