import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAudit } from '../../../lib/audit/audit.ts'
import { conclude } from '../../../lib/audit/conclude.ts'
import { CONTROLS } from '../../../lib/audit/controls/index.ts'
import { Histories } from '../../../lib/audit/histories.ts'
import type { WholeHistory } from '../../../lib/audit/history.ts'
import { mergeFindings } from '../../../lib/audit/merge-findings.ts'
import { mergeParts } from '../../../lib/audit/merge-parts.ts'
import type { Part } from '../../../lib/audit/part.ts'
import { entriesOf, type PartEntry, partOfEntries } from '../../../lib/audit/part-entries.ts'
import { readPolicy } from '../../../lib/audit/policy.ts'
import type { Finding } from '../../../lib/audit/record.ts'
import { createTally } from '../../../lib/audit/summarise.ts'
import type { Backup, Observation, Resource, Target } from '../../../lib/backup.ts'
import { writePartFile } from '../../../lib/report/part-file.ts'
import { readOwnRows } from '../../../lib/report/read-file.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { counted } from './counted.ts'
import { findingsOf } from './findings-of.ts'
import { AS_OF, cbrBackup, dcsBackup, hoursAgo, replication, resource, seen, VAULT } from './samples.ts'

const TERMS = {
  auditId: 'audit-1',
  asOf: AS_OF,
  controls: CONTROLS,
  policy: readPolicy(
    {
      replication: { required: 'auto' },
      mutes: [
        { control: 'backup-errored', vault_id: 'vault-1', owner: 'o', reason: 'r', until: '2027-01-01' },
      ],
    },
    CONTROLS,
  ),
  brokeOff: ({ region }: Target) => region === 'cn-south-1',
  isUnreadIn: (region: string) => region.endsWith('3'),
  unreadOutside: (region: string | undefined) => (region === undefined ? 'any' : 'any other region'),
}

const HOURS = [-1, 0, 1, 25, 26, 27, 40]
const someTime = fc.constantFrom(...HOURS).map((hours) => hoursAgo(hours))
const maybe = <Value>(...values: readonly Value[]) => fc.constantFrom(...values, 'unknown' as const)
const someId = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const someRegion = fc.constantFrom('cn-north-4', 'cn-south-1')

const plainBackup = fc
  .record({
    id: someId,
    region: someRegion,
    status: fc.constantFrom('available', 'available', 'error', 'protecting', 'frozen'),
    imageType: maybe('backup', 'backup', 'replication', 'mirror'),
    createdAt: someTime,
    updatedAt: fc.oneof(someTime, maybe(undefined)),
    expiredAt: fc.oneof(someTime, maybe(undefined)),
    resourceId: maybe('server-1', 'server-1', 'server-2'),
    vaultId: fc.constantFrom('vault-1', 'vault-2'),
    vault: fc.constantFrom(VAULT, undefined, { ...VAULT, replicates: 'unknown' as const }),
    replications: maybe([], [replication({})], [replication({ status: 'fail' })]),
  })
  .map((changes) => cbrBackup(changes))

const someCbr: fc.Arbitrary<Backup> = fc
  .tuple(plainBackup, fc.array(plainBackup, { maxLength: 2 }))
  .map(([parent, children]) => ({
    ...parent,
    children: children.map((child) => ({ ...child, parentId: parent.id })),
  }))

const someDcs: fc.Arbitrary<Backup> = fc
  .record({
    id: someId,
    status: fc.constantFrom('succeed', 'failed', 'expired', 'backuping', 'odd'),
    createdAt: someTime,
    restorable: maybe(true, false),
    resourceId: fc.constantFrom('server-1', 'redis-1'),
    errorCode: fc.constantFrom(undefined, 'dcs.08.0001'),
  })
  .map((changes) => dcsBackup(changes))

const someResource: fc.Arbitrary<Resource> = fc
  .record({
    service: fc.constantFrom('cbr' as const, 'dcs' as const),
    id: fc.constantFrom('server-1', 'server-2', 'server-3', 'redis-1'),
    region: someRegion,
    name: fc.constantFrom('web-1', undefined),
    vault: fc.constantFrom(VAULT, undefined, { ...VAULT, id: 'vault-0' }),
    canBeBackedUp: maybe(true, true, false),
    held: fc.boolean(),
  })
  .map((changes) => resource(changes))

const someObservation = fc.oneof(someCbr, someCbr, someCbr, someDcs, someResource).map(seen)

/** Observations, some of them met twice, and for each the shard that meets it. */
const someCutting = fc.array(someObservation, { maxLength: 14 }).chain((observations) =>
  fc.record({
    observations: fc.constant(observations),
    shuffled: fc.shuffledSubarray([...observations, ...observations], {
      minLength: observations.length * 2,
    }),
    shards: fc.array(fc.nat({ max: 3 }), {
      minLength: observations.length * 2,
      maxLength: observations.length * 2,
    }),
  }),
)

function partOf(observations: readonly Observation[]): Part {
  const audit = createAudit(TERMS)
  audit.observe(observations)
  return audit.part()
}

const concluded = (part: Part) => {
  const conclusion = conclude(part, TERMS)
  return {
    ...conclusion,
    findings: findingsOf(conclusion),
    inDoubt: [...conclusion.inDoubt],
    resources: counted(conclusion),
  }
}
const report = (part: Part) => JSON.stringify(concluded(part))
const throughJson = (part: Part): Part =>
  JSON.parse(JSON.stringify({ ...part, findings: [...part.findings], histories: [...part.histories] }))

describe('The law of the house', () => {
  it('any cutting into shards, in any order, met once or twice, gives the same report byte for byte', () => {
    fc.assert(
      fc.property(someCutting, ({ observations, shuffled, shards }) => {
        const parts = [0, 1, 2, 3].map((shard) =>
          throughJson(partOf(shuffled.filter((_, index) => shards[index] === shard))),
        )
        const whole = report(partOf(observations))
        expect(report(mergeParts(parts))).toBe(whole)
        expect(report(mergeParts([mergeParts(parts.slice(2)), ...parts.slice(0, 2)]))).toBe(whole)
      }),
      { numRuns: 1000 },
    )
  })

  it('holds too where each shard leaves its part in the store, entry by entry, as audits in steps do', async () => {
    await fc.assert(
      fc.asyncProperty(someCutting, async ({ observations, shuffled, shards }) => {
        const store = createMemoryStore()
        const parts: Part[] = []
        for (const shard of [0, 1, 2, 3]) {
          const part = partOf(shuffled.filter((_, index) => shards[index] === shard))
          const file = await writePartFile(
            store,
            'audit-1',
            shard,
            Array.from(entriesOf(part), (entry) => JSON.stringify(entry)),
          )
          expect(file.name).toMatch(/^parts\/part-0000\d-[0-9a-f]{64}$/)
          parts.push(await partOfEntries(readOwnRows<PartEntry>(store, 'audit-1', file)))
        }
        expect(report(mergeParts(parts))).toBe(report(partOf(observations)))
      }),
      { numRuns: 200 },
    )
  })

  it('holds too where findings are kept elsewhere and joined at the end', async () => {
    await fc.assert(
      fc.asyncProperty(someCutting, async ({ observations, shuffled, shards }) => {
        const taken = [0, 1, 2, 3].map((shard) => {
          const audit = createAudit(TERMS)
          audit.observe(shuffled.filter((_, index) => shards[index] === shard))
          return {
            findings: Array.from(audit.takeFindings().lines, (line) => JSON.parse(line)),
            part: audit.part(),
          }
        })
        const rest = conclude(mergeParts(taken.map(({ part }) => part)), TERMS)
        const tally = createTally(CONTROLS)
        const findings: Finding[] = []
        for await (const each of mergeFindings([
          ...taken.map(({ findings }) => findings),
          ...rest.findings,
        ])) {
          tally.add(each)
          findings.push(each)
        }
        const resources = [...rest.resources].map(tally.counted)
        const joined = { ...rest, findings, inDoubt: [...rest.inDoubt], resources }
        expect(JSON.stringify(joined)).toBe(report(partOf(observations)))
      }),
    )
  })

  it('tells of every finding that is not an answer "unknown" under a key of its own', () => {
    fc.assert(
      fc.property(fc.array(someObservation, { maxLength: 14 }), (observations) => {
        const { findings, unknown, resources } = concluded(partOf(observations))
        const ids = findings.map(({ finding_id }) => finding_id)
        expect(ids).toEqual([...new Set(ids)].sort())
        expect(Object.values(unknown.by_control).reduce((a, b) => a + b, 0)).toBe(unknown.total)
        const keys = resources.map(({ service, resource_id }) => `${service} ${resource_id}`)
        expect(keys).toEqual([...new Set(keys)].sort())
        for (const row of resources)
          expect(row.findings).toBe(
            findings.filter((f) => f.service === row.service && f.resource_id === row.resource_id).length,
          )
      }),
    )
  })
})

describe('Histories', () => {
  const historyOf = (fold: (histories: Histories) => void): WholeHistory | undefined => {
    const histories = new Histories()
    fold(histories)
    const [history] = histories
    return history
  }
  const history = fc.array(fc.oneof(someCbr, someResource), { maxLength: 5 }).map((things) =>
    historyOf((histories) => {
      for (const thing of things)
        if ('held' in thing) histories.addResource({ ...thing, id: 'server-1' })
        else histories.addBackup('server-1', thing, thing.id.charCodeAt(0) * 4, AS_OF)
    }),
  )
  const mergeHistories = (...given: readonly (WholeHistory | undefined)[]) =>
    historyOf((histories) => {
      for (const each of given) if (each !== undefined) histories.add(each)
    })

  it('merge in any grouping and any order to the same', () => {
    fc.assert(
      fc.property(history, history, history, (a, b, c) => {
        expect(mergeHistories(a, mergeHistories(b, c))).toEqual(mergeHistories(mergeHistories(a, b), c))
        expect(mergeHistories(a, b)).toEqual(mergeHistories(b, a))
        expect(mergeHistories(a, a)).toEqual(a)
      }),
    )
  })
})
