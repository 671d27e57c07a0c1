import { stat } from 'node:fs/promises'
import { CONTROLS } from '../../lib/audit/controls/index.ts'
import { readPolicy } from '../../lib/audit/policy.ts'
import { Fault, type Mistake } from '../../lib/errors.ts'
import { localPath, readLocalDocument } from '../../lib/runtime/document.ts'
import { isInStore } from '../../lib/runtime/document-address.ts'

/** Adds every mistake of a policy on this machine, named for the flag or variable that named it; one in a store is read later. */
export async function checkPolicy(
  address: string | undefined,
  namedBy: string,
  mistakes: Mistake[],
): Promise<void> {
  // A pipe can be read once only, and that is the audit's turn.
  if (address === undefined || isInStore(address) || (await isPipe(address))) return
  try {
    const { value, mistakes: written } = await readLocalDocument(address)
    readPolicy(value, CONTROLS, written)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    for (const { pointer, detail } of error.mistakes) {
      // A document that cannot be read is named by its own mistake.
      const where = pointer.startsWith('"') ? pointer : [localPath(address), pointer].join(pointer && ' at ')
      mistakes.push({ pointer: `${namedBy} ${where}`, detail })
    }
  }
}

async function isPipe(address: string): Promise<boolean> {
  const found = await stat(localPath(address)).catch(() => undefined)
  return found?.isFIFO() === true
}
