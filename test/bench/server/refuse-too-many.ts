import type { Answer } from './page.ts'
import type { Limit } from './token-bucket.ts'

/** A 429 in the words of Huawei's gateway: the limit stands in the text alone, no source shows a Retry-After. */
export function refuseTooMany({ calls, seconds }: Limit): Answer {
  const policy = `policy user over ratelimit,limit:${calls},time:${seconds} second`
  const body = {
    error_msg: `The throttling threshold has been reached: ${policy}`,
    error_code: 'APIGW.0308',
    request_id: '0123456789abcdef0123456789abcdef',
  }
  return { status: 429, pieces: [Buffer.from(`${JSON.stringify(body)}\n`)] }
}
