import type { Action } from './action.ts'
import { createCheckpoint } from './actions/create-checkpoint.ts'
import { createInstanceBackup } from './actions/create-instance-backup.ts'
import { createTemporaryKey } from './actions/create-temporary-key.ts'
import { createToken } from './actions/create-token.ts'
import { deleteBackup } from './actions/delete-backup.ts'
import { listBackups } from './actions/list-backups.ts'
import { listInstanceBackups } from './actions/list-instance-backups.ts'
import { listInstances } from './actions/list-instances.ts'
import { listOperationLogs } from './actions/list-operation-logs.ts'
import { listPolicies } from './actions/list-policies.ts'
import { listProjects } from './actions/list-projects.ts'
import { listVaults } from './actions/list-vaults.ts'
import { replicateBackup } from './actions/replicate-backup.ts'
import { showBackup } from './actions/show-backup.ts'
import { showCheckpoint } from './actions/show-checkpoint.ts'
import { showInstance } from './actions/show-instance.ts'
import { showVault } from './actions/show-vault.ts'

/** Every operation that the emulator plays. */
export const ACTIONS: readonly Action[] = [
  listBackups,
  showBackup,
  deleteBackup,
  replicateBackup,
  listVaults,
  showVault,
  listPolicies,
  listOperationLogs,
  createCheckpoint,
  showCheckpoint,
  listInstances,
  showInstance,
  listInstanceBackups,
  createInstanceBackup,
  listProjects,
  createToken,
  createTemporaryKey,
]

/** The names by which faults are planted. */
export const OPERATIONS: readonly string[] = ACTIONS.map(({ id }) => id)
