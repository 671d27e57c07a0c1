import type { RowReading } from './rows.ts'

/** A request as a value: built and signed without I/O. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Scheme, host and port: `https://cbr.cn-north-4.myhuaweicloud.com`. */
  readonly origin: string
  /** Path as it is before encoding, beginning with `/`. */
  readonly path: string
  /** Query parameters before encoding; a name may stand several times. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** A string from the moment the request exists, so that what is signed is what is sent. */
  readonly body?: string
  /** How the rows of the answer are to be read, where those are many. */
  readonly rows?: RowReading
}

/** A response, whole and decoded (unzipped). Header names in lower case. */
export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** How its rows are to be read, as the request said. */
  readonly rows?: RowReading | undefined
  /** Gives the bytes of the body back, to be used for another answer: for whoever knows that nobody looks at them any more. */
  readonly release?: () => void
}

/** Sends one request and gets one response; everything else (signing, throttling, retrying) wraps this type. */
export type Send = (request: Request, signal?: AbortSignal) => Promise<Response>
