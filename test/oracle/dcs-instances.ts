import { HOUR, type Micros } from './micros.ts'
import { someName } from './names.ts'
import { edge, type Scene, someCreation, stamp, within } from './scene.ts'
import type { OracleProject, WireObject } from './wire.ts'

/** Adds one DCS instance and its backup records, by one of the stories below. */
export function addInstance(scene: Scene, project: OracleProject): void {
  const { dice } = scene
  const id = dice.uuid()
  project.instances.push(makeInstance(scene, project, id))
  const records = dice.pick(STORIES)(scene, id)
  if (records.length > 0 || dice.chance(0.5)) project.records[id] = records
}

function makeInstance(scene: Scene, project: OracleProject, id: string): WireObject {
  const { dice } = scene
  return {
    instance_id: id,
    name: someName({ dice, plain: 'dcs' }),
    status: dice.pick([
      'RUNNING',
      'RUNNING',
      'RUNNING',
      'ERROR',
      'FROZEN',
      'DREAMING',
      'CREATING',
      'CREATEFAILED',
    ]),
    cache_mode: dice.pick(CACHE_MODES),
    enterprise_project_id: dice.pick([0, '0', 'd522b930-e31e-455f-b54e-f8ebdd7c94cd', null, undefined]),
    created_at: stamp(scene, within(scene, scene.asOf - 9000n * HOUR, 8000)),
    engine: 'Redis',
    engine_version: '5.0',
    capacity: 4,
    ip: '192.168.0.82',
    port: 6379,
    publicip_id: {},
    publicip_address: null,
    no_password_access: dice.pick([true, 'false']),
    az_codes: dice.pick([['region01'], [{ az_code: `${project.region}a` }], {}]),
    charging_mode: 0,
    spec_code: 'redis.ha.xu1.large.r2.4',
    tags: [],
  }
}

const CACHE_MODES = [
  'single',
  'single',
  'ha',
  'ha',
  'cluster',
  'proxy',
  'ha_rw_split',
  'quantum',
  undefined,
  null,
  {},
  5,
]

/** A backup record in the form of the documents, usable unless fields say otherwise. */
export function makeRecord(
  scene: Scene,
  instanceId: string,
  createdAt: Micros,
  fields: WireObject,
): WireObject {
  const { dice } = scene
  return {
    backup_id: dice.uuid(),
    instance_id: instanceId,
    backup_name: `backup_20250615${dice.hex(6)}`,
    backup_type: dice.pick(['manual', 'auto']),
    backup_format: 'rdb',
    created_at: stamp(scene, createdAt),
    updated_at: stamp(scene, within(scene, createdAt, 1)),
    execution_at: stamp(scene, createdAt + 24n * HOUR),
    period: dice.pick([{}, '22:00-23:00', null]),
    progress: '100.00',
    remark: null,
    size: dice.below(2 ** 30),
    status: 'succeed',
    is_support_restore: 'TRUE',
    error_code: dice.pick([{}, null, undefined]),
    ...fields,
  }
}

type Story = (scene: Scene, instanceId: string) => WireObject[]

const anything: Story = (scene, id) =>
  Array.from({ length: 1 + scene.dice.below(7) }, () => {
    const record = makeRecord(scene, id, someCreation(scene), {})
    for (let odds = scene.dice.below(4); odds > 0; odds -= 1)
      Object.assign(record, scene.dice.pick(ODDITIES)(scene))
    return record
  })

const atTheEdgeOfStale: Story = (scene, id) => [
  makeRecord(scene, id, edge(scene, scene.asOf - scene.maxAge), {}),
]

const unusable: Story = (scene, id) => [
  makeRecord(scene, id, someCreation(scene), {
    is_support_restore: scene.dice.pick(['FALSE', 'false', 'False', false]),
  }),
  makeRecord(scene, id, someCreation(scene), { status: 'failed', error_code: 'dcs.08.0008' }),
]

const doubtful: Story = (scene, id) => [
  makeRecord(scene, id, someCreation(scene), { is_support_restore: scene.dice.pick([1, [], ['TRUE']]) }),
  ...(scene.dice.chance(0.5) ? [makeRecord(scene, id, within(scene, scene.asOf - 90n * HOUR, 60), {})] : []),
]

const tied: Story = (scene, id) => {
  const at = within(scene, scene.asOf - 40n * HOUR, 40)
  return [0, 1, 2].map(() => makeRecord(scene, id, at, {}))
}

const noRecords: Story = () => []

const STORIES: readonly Story[] = [anything, anything, atTheEdgeOfStale, unusable, doubtful, tied, noRecords]

const ODDITIES: readonly ((scene: Scene) => WireObject)[] = [
  ({ dice }) => ({ status: dice.pick(['failed', 'failed', 'expired', 'expired', 'deleted']) }),
  ({ dice }) => ({ status: dice.pick(['waiting', 'backuping']) }),
  ({ dice }) => ({ status: dice.pick(['SUCCEED', 'available', 'restoring', 'quantum']) }),
  (scene) => ({
    status: scene.dice.pick(['waiting', 'backuping', 'quantum']),
    updated_at: stamp(scene, scene.asOf - scene.stuckAfter + scene.dice.pick([-1n, 0n, 1n])),
  }),
  ({ dice }) => ({
    status: dice.pick(['waiting', 'backuping']),
    updated_at: dice.pick([null, undefined, 5, 'soon']),
  }),
  ({ dice }) => ({ is_support_restore: dice.pick(['false', 'FALSE', 'TRUE', 'true', 'maybe', '']) }),
  ({ dice }) => ({ is_support_restore: dice.pick([false, true, null, undefined, {}, 0, []]) }),
  ({ dice }) => ({
    status: 'failed',
    error_code: dice.pick(['dcs.08.0001', 'dcs.08.0008', {}, null, undefined, 8]),
  }),
  ({ dice }) => ({ size: dice.pick([null, undefined, {}, 'much', 0]) }),
  ({ dice }) => ({ backup_name: someName({ dice, plain: 'backup' }) }),
  ({ dice }) => ({ instance_id: dice.pick([undefined, null, 7]) }),
  () => ({ period: {}, progress: null, remark: {} }),
]
