import type { Request, Response } from '../../lib/huawei/http.ts'

/** A response as `send` would give it; a body that is no text or bytes becomes JSON. */
export function respond(status: number, body: unknown = {}, headers: Record<string, string> = {}): Response {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(bytes) }
}

/** The request of a list of backups. */
export function listBackups(more: Partial<Request> = {}): Request {
  return {
    method: 'GET',
    origin: 'https://cbr.cn-north-4.myhuaweicloud.com',
    path: '/v3/0123456789abcdef0123456789abcdef/backups',
    query: [],
    headers: { 'x-project-id': '0123456789abcdef0123456789abcdef' },
    ...more,
  }
}
