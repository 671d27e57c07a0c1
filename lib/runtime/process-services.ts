import { readProcessConfig } from './config.ts'
import { createServices, type Services } from './services.ts'

let opened: Services | undefined

/** The services of this process, made at the first call and shared by all later ones: connections, tokens and secrets stay warm. */
export function openProcessServices(): Services {
  opened ??= createServices(readProcessConfig(), { correctsClock: false })
  return opened
}
