import { parseTime } from '../../lib/parse-time.ts'
import { readConfig } from '../../lib/runtime/config.ts'
import { createServices, FOR_AUDITS, type Services } from '../../lib/runtime/services.ts'
import type { AuditOrder } from '../../lib/workflow/audit-order.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../local/emulator/server.ts'
import { eventFleet } from './event-fleet.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'

/** A cloud to audit, and what an audit of it needs. */
export interface AuditWorld {
  readonly emulator: Emulator
  readonly store: MemoryStore
  readonly services: Services
  readonly order: AuditOrder
  readonly close: () => Promise<void>
}

interface AuditWorldOptions extends Partial<EmulatorOptions> {
  /** Whether what was asked once is answered from memory then: for hundreds of audits of a cloud that stands still. */
  readonly remembersAnswers?: boolean
  readonly policy?: object | undefined
}

/** Opens a world over a real emulator and a store in memory. */
export async function openAuditWorld({
  remembersAnswers = false,
  policy,
  ...options
}: AuditWorldOptions = {}): Promise<AuditWorld> {
  const emulator = await startEmulator({ now: Date.now, fleet: eventFleet(), ...options })
  const config = readConfig(
    emulatorEnvironment(emulator, policy ? { AUDIT_POLICY: 's3://elsewhere/policy.json' } : {}),
  )
  const policies = createMemoryStore()
  policies.objects.set('policy.json', Buffer.from(JSON.stringify(policy ?? {})))
  const store = createMemoryStore()
  const wired = createServices(config, FOR_AUDITS)
  const services = {
    ...wired,
    ...(remembersAnswers && { sendTo: remembering(wired.sendTo) }),
    store,
    openStore: () => policies,
  }
  return {
    emulator,
    store,
    services,
    order: {
      places: config.places,
      services: ['cbr', 'dcs'],
      scope: undefined,
      asOf: parseTime('2026-11-20T12:00:00Z'),
      previous: 'none',
    },
    close: async () => {
      services.close()
      await emulator.close()
    },
  }
}

function remembering(sendTo: Services['sendTo']): Services['sendTo'] {
  const answers = new Map<string, ReturnType<ReturnType<Services['sendTo']>>>()
  return (region) => (request, signal) => {
    const key = JSON.stringify([region, request.method, request.path, request.query])
    const answer = answers.get(key) ?? sendTo(region)(request, signal)
    answers.set(key, answer)
    return answer
  }
}
