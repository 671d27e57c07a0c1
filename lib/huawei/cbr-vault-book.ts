import type { Vault } from '../backup.ts'
import { replicatesAmong, UNKNOWN_REPLICATION } from './cbr-policy.ts'
import type { Vaults } from './cbr-vaults.ts'

/** A vault that learns what is known of it. */
type OpenVault = { -readonly [Field in keyof Vault]: Vault[Field] }

/**
 * Finds vaults by their id, one object for all backups in each; of one that is not listed no more is known than its backups say. It
 * can be asked before the vaults are known: those given away by then learn it later, so that pages need not wait for them.
 */
export class VaultBook {
  readonly #vaults = new Map<string, OpenVault>()
  #replicates = replicatesAmong(UNKNOWN_REPLICATION)
  #listed = 0

  /** Whether backups name vaults, and none is listed at all. */
  get isContradicted(): boolean {
    return this.#listed === 0 && this.#vaults.size > 0
  }

  readonly vaultOf = (id: string): Vault => {
    const known = this.#vaults.get(id)
    if (known !== undefined) return known
    const vault = this.#unlisted(id)
    this.#vaults.set(id, vault)
    return vault
  }

  /** Takes in what was read of the vaults; nobody may have judged by one of them before. */
  learn({ replicating, listed }: Vaults): void {
    this.#replicates = replicatesAmong(replicating)
    this.#listed = listed.length
    for (const [id, vault] of this.#vaults) Object.assign(vault, this.#unlisted(id))
    for (const vault of listed) {
      const given = this.#vaults.get(vault.id)
      if (given === undefined) this.#vaults.set(vault.id, vault)
      else Object.assign(given, vault)
    }
  }

  #unlisted(id: string): OpenVault {
    return { id, name: undefined, enterpriseProjectId: undefined, replicates: this.#replicates(id) }
  }
}
