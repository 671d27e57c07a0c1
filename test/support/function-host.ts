import { createRequire } from 'node:module'

/** What the parent asks for: a module with a `handler`, and the events to call it with, one after the other. */
export interface HostOrder {
  readonly module: string
  readonly events: readonly unknown[]
}

/** What became of one event: what the handler returned, or the error that ended it. */
export type Ended =
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string } }

interface FunctionModule {
  readonly handler: (event: unknown, context: object) => Promise<unknown>
}

/** What Lambda hands over besides the event. */
const CONTEXT = {
  awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  getRemainingTimeInMillis: () => 60_000,
}

async function invoke({ handler }: FunctionModule, event: unknown): Promise<Ended> {
  try {
    return { result: await handler(event, CONTEXT) }
  } catch (error) {
    const { name, message } = error as Error
    return { error: { name, message } }
  }
}

// The stand-in for Lambda: a process of its own that loads one function, a bundle as Lambda does with `require`.
process.once('message', async ({ module, events }: HostOrder) => {
  const loaded: FunctionModule = module.endsWith('.cjs')
    ? createRequire(import.meta.url)(module)
    : await import(module)
  const ended: Ended[] = []
  for (const event of events) ended.push(await invoke(loaded, event))
  process.send?.(ended, () => process.exit())
})
