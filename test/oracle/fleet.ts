import { addChildren } from './cbr-children.ts'
import { addResource } from './cbr-resources.ts'
import { addVaults } from './cbr-vaults.ts'
import { addInstance } from './dcs-instances.ts'
import { rollDice } from './dice.ts'
import { addMalformed } from './malformed.ts'
import { writeMicros } from './micros.ts'
import { type Scene, setScene } from './scene.ts'
import type { OracleFleet, OracleProject } from './wire.ts'

export interface FleetOptions {
  /** Adds records without a readable id, `created_at` or `status`: they make an audit incomplete. */
  readonly malformed?: boolean
  /** About how many backups and records; left to the seed (50 to 600) where it is not said. */
  readonly backups?: number
}

/** A small account, dense in edge cases, the same for the same seed and options. */
export function generateFleet(seed: number, options: FleetOptions = {}): OracleFleet {
  const dice = rollDice(seed)
  const scene = setScene(dice)
  const projects = makeProjects(scene)
  const wanted = options.backups ?? dice.pick([60, 80, 120, 160, 240, 500])
  for (const project of projects) addVaults(scene, project)
  while (countBackups(projects) < wanted) {
    const home = dice.pick(projects)
    if (dice.chance(0.75)) addResource(scene, home, projects)
    else addInstance(scene, home)
  }
  for (const project of projects) addChildren(scene, project, projects)
  if (options.malformed === true) for (const project of projects) addMalformed(scene, project)
  const oracle: OracleFleet = { asOf: writeAsOf(scene), fleet: { projects }, policy: scene.policy }
  // Through JSON and back: only what a wire can carry, and absent keys really absent.
  return { policy: undefined, ...JSON.parse(JSON.stringify(oracle)) }
}

function makeProjects({ dice }: Scene): OracleProject[] {
  const names = dice.chance(0.2)
    ? ['cn-north-4', 'cn-north-4_team', 'ap-southeast-1']
    : ['cn-north-4', 'ap-southeast-1']
  return names.map((name) => ({
    id: dice.hex(32),
    name,
    region: name.replace(/_.*/, ''),
    enabled: true,
    vaults: [],
    policies: [],
    backups: [],
    instances: [],
    records: {},
  }))
}

function countBackups(projects: readonly OracleProject[]): number {
  return projects.flatMap((project) => [project.backups, ...Object.values(project.records)]).flat().length
}

function writeAsOf({ asOf }: Scene): string {
  const digits = asOf % 1_000_000n === 0n ? 0 : asOf % 1000n === 0n ? 3 : 6
  return writeMicros(asOf, { digits, zone: 'Z' })
}
