import type { Emulator } from './server.ts'

/** The one JSON line that tells other programs where the emulator is and how to get in. */
export function readyLine({ endpoint, credentials }: Pick<Emulator, 'endpoint' | 'credentials'>): string {
  const { ak, sk, region, project_id, domain_name, username, password } = credentials
  return JSON.stringify({
    ready: true,
    endpoint,
    ak,
    sk,
    region,
    project_id,
    domain_name,
    username,
    password,
  })
}
