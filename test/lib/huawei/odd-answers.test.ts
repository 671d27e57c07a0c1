import { describe, expect, it } from 'vitest'
import type { Observation, Target } from '../../../lib/backup.ts'
import { cbrSource } from '../../../lib/huawei/cbr.ts'
import { readCheckpoint } from '../../../lib/huawei/cbr-checkpoint.ts'
import type { Request, Response } from '../../../lib/huawei/http.ts'
import { mayHaveBeenCarriedOut } from '../../../lib/huawei/transport-failure.ts'
import type { ScanOutcome, Source } from '../../../lib/scan.ts'
import { parseTime } from '../../../lib/time.ts'
import { listBackups, respond } from '../../support/responses.ts'

const AS_OF = parseTime('2026-01-02T00:00:00Z') ?? expect.unreachable()
const CBR: Target = { service: 'cbr', region: 'cn-north-4', projectId: 'p' }
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`

type Answers = Readonly<Record<string, (request: Request) => Response>>

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

function serving(answers: Answers, empty: unknown) {
  const seen: Request[] = []
  const send = async (request: Request): Promise<Response> => {
    seen.push(request)
    return answers[request.path]?.(request) ?? respond(200, empty)
  }
  return { seen, send }
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
