import { describe, expect, it } from 'vitest'
import { callerStatus } from '../../../lib/huawei/caller-status.ts'

const said = (httpStatus: number, errorCode: string, inOwnWords = true) =>
  callerStatus({ httpStatus, errorCode, inOwnWords })

describe('the status that a caller deserves', () => {
  it('is that of Huawei where it speaks of his values', () => {
    expect([said(400, 'BackupService.6103'), said(404, 'DCS.4404'), said(409, 'DCS.4409')]).toEqual([
      400, 404, 409,
    ])
    // With its 401 CBR means 404: what was asked for cannot exist.
    expect(said(404, '401')).toBe(404)
  })

  it('is 409 where the vault is busy', () => expect(said(400, 'BackupService.6125')).toBe(409))

  it.each([
    ['the gateway', 404, 'APIGW.0101', true],
    ['IAM, which he never spoke to,', 404, 'IAM.0004', true],
    ['IAM in its other form', 400, '400', true],
    ['Huawei, which is busy,', 400, 'DCS.4026', true],
    ['something in between', 404, 'not_found', false],
    ['his rights', 403, 'BackupService.9901', true],
  ])('is none where %s is the cause', (_, httpStatus, errorCode, inOwnWords) =>
    expect(said(httpStatus, errorCode, inOwnWords)).toBeUndefined(),
  )
})
