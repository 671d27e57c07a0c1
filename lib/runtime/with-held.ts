import type { Authorize, Circumstances } from '../huawei/authorize.ts'
import type { Request } from '../huawei/http.ts'
import type { Credentials } from './credentials.ts'
import type { HeldCredentials } from './held-credentials.ts'

/**
 * Authorizes with the credentials that a secret holds at that moment. Where Huawei refuses them and nothing can be learned
 * from the refusal, the secret is read anew: after a rotation the very same call goes through.
 */
export function withHeld(
  held: HeldCredentials,
  authorizeAs: (credentials: Credentials) => Authorize,
): Authorize {
  // Kept, because a token and what is known of Huawei's clock live in it.
  const made = new WeakMap<Credentials, Authorize>()
  const signedWith = new WeakMap<Request, Credentials>()

  async function sign(credentials: Credentials, request: Request, circumstances: Circumstances) {
    const authorize = made.get(credentials) ?? authorizeAs(credentials)
    made.set(credentials, authorize)
    const signed = await authorize(request, circumstances)
    if (signed !== undefined) signedWith.set(signed, credentials)
    return signed
  }

  return async (request, circumstances) => {
    const { send, signal, refused } = circumstances
    // Another call may have renewed the credentials meanwhile: only those that were refused can learn from it.
    const used = refused && signedWith.get(refused.request)
    if (used === undefined) return sign(await held.current(), request, circumstances)
    const learned = await sign(used, request, circumstances)
    if (learned !== undefined) return learned
    const renewed = await held.insteadOf(used)
    return renewed === used ? undefined : sign(renewed, request, { send, signal })
  }
}
