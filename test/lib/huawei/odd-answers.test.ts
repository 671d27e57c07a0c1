import { describe, expect, it } from 'vitest'
import type { Observation, Target } from '../../../lib/backup.ts'
import { cbrSource } from '../../../lib/huawei/cbr.ts'
import { readCheckpoint, showCheckpointRequest } from '../../../lib/huawei/cbr-checkpoint.ts'
import { dcsSource } from '../../../lib/huawei/dcs.ts'
import type { Request, Response } from '../../../lib/huawei/http.ts'
import { mayHaveBeenCarriedOut } from '../../../lib/huawei/transport-failure.ts'
import { parseTime } from '../../../lib/parse-time.ts'
import type { ScanOutcome, Source } from '../../../lib/scan.ts'
import { listBackups, respond } from '../../support/responses.ts'

const AS_OF = parseTime('2026-01-02T00:00:00Z') ?? expect.unreachable()
const CBR: Target = { service: 'cbr', region: 'cn-north-4', projectId: 'p' }
const DCS: Target = { ...CBR, service: 'dcs' }
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`

type Answers = Readonly<Record<string, (request: Request) => Response | undefined>>

/** Reads a target whose answers are these, by path; any other list is empty. */
function readCbr(answers: Answers) {
  const { seen, send } = serving(answers, { backups: [], vaults: [], count: 0 })
  return read(
    cbrSource({
      target: CBR,
      origin: 'https://cbr.example',
      send,
      concurrency: 2,
      readsReplicationPolicies: false,
    }),
    seen,
  )
}

function readDcs(answers: Answers, target: Partial<Target> = {}) {
  const { seen, send } = serving(answers, {
    instances: [],
    instance_num: 0,
    backup_record_response: [],
    total_num: 0,
  })
  const options = { target: { ...DCS, ...target }, origin: 'https://dcs.example', send, concurrency: 2 }
  return read(dcsSource(options), seen)
}

function serving(answers: Answers, empty: unknown) {
  const seen: Request[] = []
  const send = async (request: Request): Promise<Response> => {
    seen.push(request)
    return answers[request.path]?.(request) ?? respond(200, empty)
  }
  return { seen, send }
}

/** A list that is read from an offset. */
function listing(rows: readonly unknown[], inBytes: (body: string) => string | Buffer = (body) => body) {
  return ({ query }: Request) => {
    const instances = rows.slice(Number(new Map(query).get('offset')))
    return respond(200, inBytes(JSON.stringify({ instances, instance_num: rows.length })))
  }
}

async function read(source: Source, seen: readonly Request[]) {
  const scan = source.scan(AS_OF, () => {})
  const observations: Observation[] = []
  for await (const batch of scan) observations.push(...batch)
  const outcome: ScanOutcome = scan.outcome()
  return { observations, outcome, paths: new Set(seen.map(({ path }) => path)) }
}

describe('an answer that is nested without end', () => {
  it('makes the target incomplete where its rows have no id, and nothing crashes', async () => {
    const deep = () => respond(200, `{"backups":[${DEEP}],"vaults":[${DEEP}],"count":1}`)
    const { outcome } = await readCbr({ '/v3/p/vaults': deep, '/v3/p/backups': deep })
    expect(outcome.report.verdict).toBe('incomplete')
    expect(outcome.incompleteBecause.join('\n')).toMatch(
      /^The vaults: .*nested more than 64 levels deep[\s\S]*^Backups created .*nested more than 64 levels deep/m,
    )
  })

  it('does not hide the list beside it', async () => {
    const vaults = () => respond(200, `{"vaults":[{"a":${DEEP}}],"count":1}`)
    const backup = { id: 'b', created_at: '2026-01-01T00:00:00.000000', status: 'available' }
    const backups = () => respond(200, { backups: [backup], count: 1 })
    const { observations } = await readCbr({ '/v3/p/vaults': vaults, '/v3/p/backups': backups })
    expect(observations).toMatchObject([{ kind: 'backup', backup: { id: 'b' } }])
  })

  it('is no checkpoint that could be written down, and may be one all the same', () => {
    const response = respond(200, `{"checkpoint":{"id":"c","status":${DEEP}}}`)
    try {
      readCheckpoint(listBackups({ method: 'POST' }), response)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ name: 'Fault', code: 'upstream_unavailable' })
      expect(mayHaveBeenCarriedOut(error)).toBe(true)
    }
  })
})

describe('an answer with bytes that are no UTF-8', () => {
  const instance = { instance_id: 'i', name: 'name', cache_mode: 'ha', status: 'RUNNING' }

  it('FLT-021 is shown with a replacement character, and noted once for the target', async () => {
    const lossy = (body: string) => Buffer.from(body.replace(':"name"', ':"n\xe4me"'), 'latin1')
    const { observations, outcome } = await readDcs({ '/v2/p/instances': listing([instance], lossy) })
    expect(observations).toMatchObject([{ kind: 'resource', resource: { id: 'i', name: 'n\ufffdme' } }])
    expect(outcome.report).toMatchObject({
      verdict: 'complete',
      note: 'An answer held bytes that are not UTF-8; names and other texts show \ufffd in their place',
    })
  })

  it('is noted for no other target', async () => {
    const { outcome } = await readDcs({ '/v2/p/instances': listing([instance]) })
    expect(outcome.report.note).toBeNull()
  })
})

describe('an id that would lead elsewhere', () => {
  const ids = [
    '../../v3/x?y#z',
    '..',
    '.',
    'a/b',
    'a\\b',
    'a;b',
    'a%2fb',
    'ä',
    'a b',
    'a\r\nb',
    'x'.repeat(200),
  ]

  it.each(ids)(
    '%j of an instance goes into no path, is named, and leaves the others readable',
    async (id) => {
      const instances = ['i-1', id].map((one) => ({ instance_id: one, cache_mode: 'ha', status: 'RUNNING' }))
      const { observations, outcome, paths } = await readDcs({
        '/v2/p/instances': listing(instances),
      })
      expect([...paths]).toEqual(['/v2/p/instances', '/v2/p/instances/i-1/backups'])
      expect(observations).toMatchObject([{ kind: 'resource', resource: { id: 'i-1' } }])
      expect(outcome.report.verdict).toBe('incomplete')
      expect(outcome.incompleteBecause).toEqual([
        `1 record could not be judged: instance ${JSON.stringify(id.slice(0, 80))} has an instance_id that no address can hold`,
      ])
    },
  )

  it.each(ids)('%j of a project makes its target incomplete, and nothing is asked', async (projectId) => {
    const { outcome, paths } = await readDcs({}, { projectId })
    expect([...paths]).toEqual([])
    expect(outcome).toMatchObject({
      report: { verdict: 'incomplete' },
      fault: { code: 'upstream_unavailable', cause: { sent: 'no', transient: false } },
    })
  })

  it.each(ids)('%j of a checkpoint cannot be asked for', (id) => {
    expect(() => showCheckpointRequest({ origin: 'https://cbr.example', projectId: 'p' }, id)).toThrow(
      'Cannot ask for "',
    )
  })
})
