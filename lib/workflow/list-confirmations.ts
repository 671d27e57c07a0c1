import * as z from 'zod/mini'
import { checkedLink } from '../alerts/confirmation-link.ts'
import { parseJson } from '../parse-json.ts'
import type { Store } from '../store/store.ts'

const INBOX = 'inbox/confirmation/'

const schema = z.object({
  source: z.string(),
  received_at: z.string(),
  topic: z.string(),
  link: z.nullable(z.string()),
})

/** A topic that asked to be confirmed. */
export interface Confirmation {
  readonly source: string
  readonly topic: string
  readonly receivedAt: string
  /** Undefined where the message named a link that is none of the sender's. */
  readonly link: string | undefined
}

/** Every topic of the policy that ever asked to be confirmed, oldest first; each link is checked once more. */
export async function listConfirmations(store: Store): Promise<readonly Confirmation[]> {
  const found: Confirmation[] = []
  for await (const name of store.names(INBOX)) {
    const stored = name.endsWith('.json') ? await store.get(INBOX + name) : undefined
    const { data } = z.safeParse(schema, stored && parseJson(stored.bytes))
    if (data === undefined) continue
    const { source, topic, received_at: receivedAt, link } = data
    found.push({ source, topic, receivedAt, link: checkedLink(source, topic, link ?? '') })
  }
  return found.sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1))
}
