import { randomBytes } from 'node:crypto'
import packageJson from '../../package.json' with { type: 'json' }
import type { Service } from '../backup.ts'
import { accessKey, authorizing, iamToken } from '../huawei/authorize.ts'
import { openStore } from '../store/address.ts'
import type { Store } from '../store/store.ts'
import { fromEpochMs, type Instant } from '../time.ts'
import type { Config } from './config.ts'

/** Everything that a function needs of the world, wired once. */
export interface Services {
  readonly toolVersion: string
  readonly now: () => Instant
  readonly randomHex: (bytes: number) => string
  readonly store: Store
}
