import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { withEmulator } from './client.ts'
import { fleetOf, PROJECT_ID, VAULT_ID } from './fleet-of.ts'

// The vendor's own signer: whoever it signs for must be let in.
const { AKSKSigner } = createRequire(import.meta.url)('@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js')

describe("Huawei's Node SDK", () => {
  it.each([
    ['GET', `/v3/${PROJECT_ID}/backups`, { limit: 5, name: 'a b' }, undefined, 200],
    ['POST', `/v3/${PROJECT_ID}/checkpoints`, {}, { checkpoint: { vault_id: VAULT_ID } }, 200],
  ])('signs %s %s so that the emulator believes it', (method, path, queryParams, data, status) =>
    withEmulator({ fleet: fleetOf([]), now: () => Date.now() }, async ({ endpoint, credentials }) => {
      const request = {
        endpoint: `${endpoint}${path}`,
        method,
        headers: {},
        queryParams,
        ...(data && { data }),
      }
      const headers = AKSKSigner.sign(request, {
        getAk: () => credentials.ak,
        getSk: () => credentials.sk,
      })
      const search = new URLSearchParams(
        Object.entries(queryParams).map(([name, value]): [string, string] => [name, String(value)]),
      )
      const response = await fetch(`${endpoint}${path}?${search.toString().replaceAll('+', '%20')}`, {
        method,
        headers,
        ...(data !== undefined && { body: JSON.stringify(data) }),
      })
      expect(await response.text()).not.toContain('APIGW')
      expect(response.status).toBe(status)
    }),
  )
})
