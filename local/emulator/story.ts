import { createDice, type Dice } from './dice.ts'
import type { Fleet, FleetProject, Wire } from './fleet.ts'
import { castSubject, nameResource } from './story/cast.ts'
import { type Company, draftSite, PLANS, type Site, type VaultName } from './story/company.ts'
import { type Extent, type History, writeHistory } from './story/history.ts'
import { type RedisTale, tellRedis } from './story/redis.ts'
import { TROUBLES, type Trouble } from './story/troubles.ts'
import { closeVault } from './story/vault-draft.ts'

/** How large the story is and what it depends on. */
export interface StoryOptions {
  /** CBR backups (children not counted) and DCS records, copies included: exactly so many. */
  readonly backups?: number
  readonly seed?: number
  /** Epoch milliseconds: all times are told from here. */
  readonly now: number
}

/**
 * A believable company: nightly and hourly vaults, copies in a second region, Redis, and every kind of trouble that the
 * controls know. The same options tell the same story. Beyond 2000 backups the company has more sites of that size.
 */
export function createStory({ backups = 2000, seed = 1, now }: StoryOptions): Fleet {
  const dice = createDice(seed)
  const nowUs = now * 1000
  const main = openProject('cn-north-4', dice)
  const second = openProject('ap-southeast-1', dice)
  let budget = backups
  for (let number = 1; number === 1 || budget > 0; number++)
    budget -= tellSite({ main, second }, number, budget, dice, nowUs)
  return { projects: [main, second] }
}

type Tale =
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'healthy'; readonly vault: VaultName; readonly ordinal: number }
  | { readonly kind: 'redis'; readonly redis: RedisTale }

/** Tells one site within a budget, and how many backups it took; a tale that does not fit is left out whole. */
function tellSite(company: Company, number: number, budget: number, dice: Dice, nowUs: number): number {
  const site = draftSite(company, number, dice, nowUs)
  const tales = interleave([
    TROUBLES.map((trouble): Tale => ({ kind: 'trouble', trouble })),
    tellRedis(company, site.suffix, dice, nowUs).map((redis): Tale => ({ kind: 'redis', redis })),
    listHealthy(),
  ])
  let spent = 0
  for (const tale of tales) spent += tell(tale, site, budget - spent, dice, nowUs)
  // What is left over becomes one more hourly volume, so that the number is exact.
  const rest = Math.min(budget - spent, MAX_REST)
  if (rest > 0)
    spent += place(newHistory('orders-journal', 'orders', { runs: rest, copies: 0 }, site, dice, nowUs), site)
  for (const vault of [...Object.values(site.vaults), ...Object.values(site.copyVaults)])
    closeVault(vault, dice, nowUs)
  return spent
}

/** An hourly history of up to a week; what exceeds it goes to the next site. */
const MAX_REST = 168

function tell(tale: Tale, site: Site, budget: number, dice: Dice, nowUs: number): number {
  if (tale.kind === 'redis') {
    const { project, instance, records } = tale.redis
    if (records.length > budget) return 0
    project.instances.push(instance)
    project.records[String(instance.instance_id)] = [...records]
    return records.length
  }
  const history =
    tale.kind === 'trouble'
      ? writeTrouble(tale.trouble, site, dice, nowUs)
      : writeHealthy(tale, site, dice, nowUs)
  return history.backups.length + history.copies.length > budget ? 0 : place(history, site)
}

function writeTrouble(
  { name, vault, extent, twist }: Trouble,
  site: Site,
  dice: Dice,
  nowUs: number,
): History {
  const history = newHistory(name, vault, extent, site, dice, nowUs)
  twist(history, { dice, nowUs })
  return history
}

function writeHealthy(
  { vault, ordinal }: Extract<Tale, { kind: 'healthy' }>,
  site: Site,
  dice: Dice,
  nowUs: number,
): History {
  return newHistory(nameResource(vault, ordinal), vault, PLANS[vault].extent, site, dice, nowUs)
}

function newHistory(
  name: string,
  vaultName: VaultName,
  extent: Extent,
  site: Site,
  dice: Dice,
  nowUs: number,
): History {
  const vault = site.vaults[vaultName]
  return writeHistory(castSubject(`${name}${site.suffix}`, vault, dice), vault, extent, dice, nowUs)
}

/** Puts a history into its projects and vaults. */
function place({ subject, vault, backups, copies, entry }: History, site: Site): number {
  // Increments are small beside the disk: a first backup of a third, then a few percent each.
  const usedMb = backups.length === 0 ? 0 : Math.round(subject.sizeGb * 1024 * (0.3 + 0.02 * backups.length))
  const resource: Wire = {
    id: subject.id,
    type: subject.type,
    name: subject.name,
    auto_protect: true,
    size: subject.sizeGb,
    backup_size: usedMb,
    backup_count: backups.length,
    protect_status: 'available',
    extra_info: {},
    ...entry,
  }
  vault.resources.push(resource)
  vault.usedMb += usedMb
  const copyVault = site.copyVaults[subject.type]
  copyVault.usedMb += Math.round(copies.length * subject.sizeGb * 102.4)
  vault.project.backups.push(...backups)
  copyVault.project.backups.push(...copies)
  return backups.length + copies.length
}

function listHealthy(): readonly Tale[] {
  const vaults = Object.keys(PLANS) as VaultName[]
  return interleave(
    vaults.map((vault) =>
      Array.from(
        { length: PLANS[vault].resources },
        (_, ordinal): Tale => ({ kind: 'healthy', vault, ordinal }),
      ),
    ),
  )
}

/** Mixes lists evenly, so that a small budget still gets some of each. */
function interleave<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return lists
    .flatMap((list) => list.map((item, index) => ({ item, at: (index + 0.5) / list.length })))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

function openProject(region: string, dice: Dice): FleetProject {
  return {
    id: dice.hex(32),
    name: region,
    region,
    vaults: [],
    policies: [],
    backups: [],
    instances: [],
    records: {},
  }
}
