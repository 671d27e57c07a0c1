import { createRequire } from 'node:module'
import * as z from 'zod'
import type { Emulator } from '../../local/emulator/server.ts'

const require = createRequire(import.meta.url)

/** What is asked of the vendor's client. */
export interface SdkRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly data?: unknown
}

/** Sends a request as Huawei's own Node SDK does, with its client, its signer and its error classes. */
export type SdkClient = (request: SdkRequest) => Promise<Readonly<Record<string, unknown>>>

interface Credential {
  withAk(ak: string): Credential
  withSk(sk: string): Credential
  withProjectId(projectId: string): Credential
}

interface Builder {
  withCredential(credential: Credential): Builder
  withEndpoint(endpoint: string): Builder
  build(): { sendRequest(options: object): Promise<unknown> }
}

/** A client of the official SDK core that talks to an emulator. */
export function officialClient({ endpoint, credentials }: Emulator): SdkClient {
  const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core') as {
    BasicCredentials: new () => Credential
  }
  const { ClientBuilder } = require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder') as {
    ClientBuilder: new (init: (client: unknown) => unknown) => Builder
  }
  const { ak, sk, project_id: projectId } = credentials
  const credential = new BasicCredentials().withAk(ak).withSk(sk).withProjectId(projectId)
  const client = new ClientBuilder((made) => made).withCredential(credential).withEndpoint(endpoint).build()
  return async ({ method, url, query = {}, data }) =>
    z.record(z.string(), z.unknown()).parse(
      await client.sendRequest({
        method,
        url,
        contentType: 'application/json',
        queryParams: query,
        pathParams: {},
        headers: {},
        ...(data === undefined ? {} : { data }),
      }),
    )
}
