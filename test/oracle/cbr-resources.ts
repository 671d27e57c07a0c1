import { type BackupWish, makeBackup, makeCleanBackup, type Subject } from './cbr-backup.ts'
import { makeReplicationRecords } from './cbr-replication.ts'
import { hold } from './cbr-vaults.ts'
import { HOUR } from './micros.ts'
import { someName } from './names.ts'
import { edge, type Scene, someExpiry, stamp, within } from './scene.ts'
import type { OracleProject } from './wire.ts'

const TYPES = [
  'OS::Nova::Server',
  'OS::Nova::Server',
  'OS::Cinder::Volume',
  'OS::Sfs::Turbo',
  'OS::New::Kind',
] as const

/** Adds one CBR resource: its entries in vaults and its backups, by one of the stories below. */
export function addResource(scene: Scene, home: OracleProject, projects: readonly OracleProject[]): void {
  const { dice } = scene
  const subject: Subject = { id: dice.uuid(), name: someName({ dice, plain: 'ecs' }), type: dice.pick(TYPES) }
  dice.pick(HOLDINGS)({ scene, home, projects, subject })
  dice.pick(STORIES)({ scene, home, projects, subject })
}

interface Setting {
  readonly scene: Scene
  readonly home: OracleProject
  readonly projects: readonly OracleProject[]
  readonly subject: Subject
}

type Story = (setting: Setting) => void

const PRESENT: readonly unknown[] = [
  'available',
  'available',
  null,
  undefined,
  'error',
  'protecting',
  'restoring',
  'unheard_of',
  4,
]
const DEPARTED: readonly unknown[] = ['deleted', 'removing']

const inOneVault: Story = ({ scene, home, subject }) =>
  hold(scene, scene.dice.pick(home.vaults), subject, scene.dice.pick(PRESENT))

const inSeveralVaults: Story = ({ scene, projects, subject }) => {
  const { dice } = scene
  for (const project of projects) {
    for (const vault of project.vaults.filter(() => dice.chance(0.4))) {
      hold(scene, vault, subject, dice.pick(dice.chance(0.6) ? PRESENT : DEPARTED))
    }
  }
}

const departed: Story = ({ scene, home, subject }) =>
  hold(scene, scene.dice.pick(home.vaults), subject, scene.dice.pick(DEPARTED))

const inNoVault: Story = () => {}

const HOLDINGS: readonly Story[] = [inOneVault, inOneVault, inSeveralVaults, departed, inNoVault]

/** Backups with any oddities, some of them copies in another project. */
const anything: Story = ({ scene, home, projects, subject }) => {
  const { dice } = scene
  for (let count = 1 + dice.below(7); count > 0; count -= 1) {
    const isCopy = dice.chance(0.25)
    const project = isCopy ? dice.pick(projects) : home
    project.backups.push(makeBackup(scene, { project, subject, isCopy }))
  }
}

/** One clean backup whose age is the greatest allowed, give or take a microsecond; a fresher copy must not hide it. */
const atTheEdgeOfStale: Story = ({ scene, home, projects, subject }) => {
  const createdAt = edge(scene, scene.asOf - scene.maxAge)
  home.backups.push(
    makeCleanBackup(scene, { project: home, subject, createdAt, fields: unreplicatedFields(scene) }),
  )
  if (scene.dice.chance(0.5)) addCopy({ scene, home, projects, subject })
  if (scene.dice.chance(0.3))
    home.backups.push(makeBackup(scene, { project: home, subject, fields: { status: 'error' } }))
}

function unreplicatedFields(scene: Scene): BackupWish['fields'] & object {
  const statuses = scene.dice.chance(0.5) ? ['success'] : ['replicating', 'fail']
  return { replication_records: makeReplicationRecords(scene, statuses) }
}

const addCopy: Story = ({ scene, projects, subject }) => {
  const project = scene.dice.pick(projects)
  const createdAt = scene.dice.chance(0.4)
    ? edge(scene, scene.asOf - scene.maxAge)
    : within(scene, scene.asOf - 5n * HOUR, 5)
  project.backups.push(makeCleanBackup(scene, { project, subject, createdAt, isCopy: true }))
}

const copiesAlone: Story = (setting) => {
  for (let count = 1 + setting.scene.dice.below(3); count > 0; count -= 1) addCopy(setting)
}

/** Clean backups of one moment, in several notations: only the id can order them. */
const tied: Story = ({ scene, home, projects, subject }) => {
  const { dice, asOf, maxAge } = scene
  const createdAt = dice.pick([asOf, asOf - maxAge, within(scene, asOf - 60n * HOUR, 60)])
  for (let count = 2 + dice.below(3); count > 0; count -= 1) {
    const isCopy = dice.chance(0.3)
    const project = isCopy ? dice.pick(projects) : home
    project.backups.push(makeCleanBackup(scene, { project, subject, createdAt, isCopy }))
  }
}

/** Nobody can tell whether these are usable; at most one clean backup, older or newer, settles the matter or does not. */
const doubtful: Story = ({ scene, home, projects, subject }) => {
  const { dice, asOf, maxAge } = scene
  for (let count = 1 + dice.below(2); count > 0; count -= 1) {
    const fields = dice.pick([
      { expired_at: undefined },
      { expired_at: 'never' },
      { image_type: null },
      { image_type: 8 },
    ])
    const isCopy = dice.chance(0.3)
    const createdAt = dice.pick([
      asOf - maxAge,
      within(scene, asOf - 5n * HOUR, 5),
      within(scene, asOf - 90n * HOUR, 30),
    ])
    home.backups.push(makeCleanBackup(scene, { project: home, subject, createdAt, isCopy, fields }))
  }
  if (dice.chance(0.3)) addCopy({ scene, home, projects, subject })
  if (dice.chance(0.3)) home.backups.push(makeCleanBackup(scene, { project: home, subject }))
}

/** Only backups of a time after `as_of`, the first of them a microsecond after. */
const future: Story = ({ scene, home, subject }) => {
  home.backups.push(makeBackup(scene, { project: home, subject, createdAt: scene.asOf + 1n }))
  home.backups.push(
    makeBackup(scene, { project: home, subject, createdAt: within(scene, scene.asOf + HOUR, 2) }),
  )
}

/** One backup about to expire, or just expired. */
const expiring: Story = ({ scene, home, subject }) => {
  const at = someExpiry(scene)
  const fields = { expired_at: at === null ? null : stamp(scene, at) }
  home.backups.push(makeCleanBackup(scene, { project: home, subject, fields }))
}

const noBackups: Story = () => {}

const STORIES: readonly Story[] = [
  anything,
  anything,
  anything,
  anything,
  atTheEdgeOfStale,
  copiesAlone,
  tied,
  doubtful,
  future,
  expiring,
  expiring,
  noBackups,
]
