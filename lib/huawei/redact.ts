import { withoutSecrets } from './secrets.ts'

const SECRET_HEADER =
  /\b(authorization|x-auth-token|x-subject-token|x-security-token)\s*[:=]\s*[^|;\r\n"<]*/gi
/** Cookies follow each other after semicolons. */
const COOKIES = /\b(cookie|set-cookie)\s*[:=]\s*[^|\r\n"<]*/gi
const BEARER = /\b(bearer)\s+[\w.~+/=-]{8,}/gi
/** Of a signed URL all parameters go: what of them signs it has many names. */
const SIGNED_QUERY = /\?[^\s"'<>?]*(?:signature|token|credential|accesskeyid)=[^\s"'<>]*/gi
/** A name and a password before a host. */
const USER_INFO = /(\b[a-z][a-z\d+.-]{0,20}:\/\/)[^\s/?#"'<>]+@/gi
const SECRET_FIELD =
  /("?\b(?:password|passwd|secret|secretkey|securitytoken|token|access)\b"?\s*[:=]\s*)"?[^\s,;&|"<]+"?/gi
/** Signatures, tokens and keys are long runs without a break; ids of Huawei have at most 36 characters. */
const LONG_RUN = /[A-Za-z0-9+/=_-]{40,}/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal or a log
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g

/** Text of a peer, fit for a message: one line, at most so many characters, nothing in it that may be a secret. */
export function redacted(text: string, maxChars: number): string {
  // Before the text is cut: half a secret would not be known again.
  const line = withoutSecrets(text)
    .slice(0, 20 * maxChars)
    .replaceAll(SIGNED_QUERY, '?[redacted]')
    .replaceAll(USER_INFO, '$1[redacted]@')
    .replaceAll(SECRET_HEADER, '$1:[redacted]')
    .replaceAll(COOKIES, '$1:[redacted]')
    .replaceAll(BEARER, '$1 [redacted]')
    .replaceAll(SECRET_FIELD, '$1[redacted]')
    .replaceAll(LONG_RUN, '[redacted]')
    .replaceAll(UNPRINTABLE, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1).toWellFormed()}…`
}
