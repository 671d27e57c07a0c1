import type { Store } from '../store/store.ts'

/** What clearing takes: the store, and where it is told what could not be taken away. */
export interface Clearing {
  readonly store: Store
  readonly log: (level: 'warn', message: string, fields: { readonly because: string }) => void
}

/**
 * Takes away what an audit left under `<audit_id>/parts/`, if it still may when it has looked. Never fails, and goes on where an
 * object cannot be removed: what stays there nobody takes for a report.
 */
export async function clearParts(
  clearing: Clearing,
  auditId: string,
  isAllowed: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<void> {
  const { store } = clearing
  const folder = `${auditId}/parts/`
  await noting(clearing, async () => {
    const names: string[] = []
    for await (const name of store.names(folder)) names.push(name)
    if (names.length === 0 || !(await isAllowed())) return
    for (const name of names) await noting(clearing, () => store.remove(`${folder}${name}`))
  })
}

/** Does something that is no reason to fail. */
export async function noting({ log }: Clearing, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    log('warn', 'unfinished work could not be cleared away', { because })
  }
}
