/** A checkpoint that was asked for and is not over, or was never begun, or did not succeed; null where nothing is known. */
export interface OpenOperation {
  readonly operation: string
  readonly state: string
  readonly region: string | null
  readonly project_id: string | null
  readonly vault_id: string | null
  readonly alert_id: string | null
  readonly received_at: string | null
  readonly because: string | null
}
