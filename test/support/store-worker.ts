// A process of its own that uses a store, for tests of what happens between processes and when one of them dies.
import { once } from 'node:events'
import { openStore } from '../../lib/store/address.ts'
import type { Store } from '../../lib/store/store.ts'

const [address = '', endpoint = '', job = '', key = '', amount = ''] = process.argv.slice(2)
const settings = endpoint === '' ? {} : { endpoint }
const store = openStore(address, { ...settings, newId: () => crypto.randomUUID() })
const say = (text: string) => process.stdout.write(`${text}\n`)

say('ready')
await once(process.stdin, 'data')
switch (job) {
  case 'put':
    say(String(await store.putIfAbsent(key, String(process.pid))))
    break
  case 'increment':
    for (let i = 0; i < Number(amount); i++) await increment(store, key)
    break
  case 'write':
    await writeAll(store, key, Number(amount))
    break
  case 'write-half':
    await writeSome(store, key, Number(amount) / 2)
    say('half')
    setInterval(() => {}, 1000) // stays, with the object unfinished, until it is killed
    break
  default:
    throw new TypeError(`no such job: ${job}`)
}
if (job !== 'write-half') process.exit(0)

async function increment(target: Store, counter: string): Promise<void> {
  for (;;) {
    const before = await target.get(counter)
    if (before === undefined) throw new TypeError('the counter is gone')
    if (await target.replaceIfUnchanged(counter, String(Number(before.bytes) + 1), before.version)) return
  }
}

async function writeSome(target: Store, name: string, bytes: number) {
  const writer = await target.writer(name, 'application/octet-stream')
  const chunk = Buffer.alloc(64 * 1024, 'x')
  let peak = 0
  for (let written = 0; written < bytes; written += chunk.length) {
    await writer.write(chunk)
    peak = Math.max(peak, process.memoryUsage().arrayBuffers)
  }
  return { writer, peak }
}

async function writeAll(target: Store, name: string, bytes: number): Promise<void> {
  const { writer, peak } = await writeSome(target, name, bytes)
  say(JSON.stringify({ won: await writer.close(), peak }))
}
