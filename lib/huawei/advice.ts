import { adviceOnClock, clockSkewOf } from './clock-skew.ts'
import { explain, LOGIN, RIGHTS } from './explain.ts'
import type { Request, Response } from './http.ts'
import { redacted } from './redact.ts'

/** What to do about a refusal: from its code where we know it, else from its status and from what was asked of whom. */
export function adviceOn(request: Request, response: Response, errorCode: string | undefined): string {
  const skew = clockSkewOf(response)
  if (skew !== undefined)
    return adviceOnClock({ ours: skew.signedAt, did: 'signed at', theirs: skew.serverAt, whose: 'Huawei' })
  const explanation = errorCode === undefined ? undefined : explain(errorCode)
  if (explanation !== undefined) return sentence(`${explanation.means}: ${explanation.next}`)
  return adviceOnStatus(request, response)
}

function adviceOnStatus({ path }: Request, { status, headers }: Response): string {
  if (status >= 300 && status < 400)
    return `It redirects to ${hostOf(headers['location'])}, which is not followed. Check the endpoint and any proxy in between`
  if (status === 401)
    return path.startsWith('/v3/auth/')
      ? sentence(LOGIN)
      : 'Check HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HUAWEICLOUD_USERNAME and HUAWEICLOUD_PASSWORD'
  if (status === 403) return `This user may not do that: ${RIGHTS[serviceOf(path)]}`
  if (status === 404) return 'There is no such thing: check ids, region and project'
  if (status === 429) return 'More calls than Huawei allows: try again later'
  if (status >= 500) return 'That is on the side of Huawei: try again later'
  return 'Correct what its message names'
}

/** By the path, as the host may be anybody's own. */
function serviceOf(path: string): keyof typeof RIGHTS {
  if (path.startsWith('/v2/')) return 'dcs'
  return /^\/v3\/(?:auth\/|projects$)/.test(path) ? 'iam' : 'cbr'
}

function hostOf(url = ''): string {
  return URL.canParse(url) ? redacted(new URL(url).host, 100) : 'another address'
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
