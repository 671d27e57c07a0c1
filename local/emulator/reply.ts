import type { Wire } from './fleet.ts'

/** What is answered: a body as an object, as JSON that is ready to be sent, or none. */
export interface Reply {
  readonly status: number
  readonly body?: Wire | string
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer that ends a request early, thrown from wherever the mistake is found. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly reply: Reply

  constructor(reply: Reply) {
    super(`The emulator answers ${reply.status}`)
    this.reply = reply
  }
}

/** A 200 with this body. */
export function answer(body: Wire | string): Reply {
  return { status: 200, body }
}

/** A refusal in the words of CBR. */
export function refuseCbr(status: number, code: string, message: string): Refusal {
  return new Refusal({ status, body: { error_code: `BackupService.${code}`, error_msg: message } })
}

/** A refusal in the words of DCS v2. */
export function refuseDcs(status: number, code: string, message: string): Refusal {
  return new Refusal({ status, body: { error_msg: message, error_code: code, error_ext_msg: null } })
}

/** A refusal in the words of IAM, whose codes are numbers. */
export function refuseIam(status: number, title: string, message: string): Refusal {
  return new Refusal({ status, body: { error: { code: status, message, title } } })
}

/** A refusal of the gateway; the front door adds the request id. */
export function refuseAtGateway(status: number, code: string, message: string): Refusal {
  return new Refusal({ status, body: { error_msg: message, error_code: code, request_id: '' } })
}

/** What CBR answers to an id or a URL that it cannot read: a 401 that has nothing to do with credentials. */
export function refuseMalformedUrl(): Refusal {
  return new Refusal({
    status: 401,
    body: { unauthorized: { code: '401', message: 'Malformed request url' } },
  })
}
