import { Fault } from '../errors.ts'

/** Reads a secret of AWS Secrets Manager; a Fault says why it cannot be read and never what is in it. */
export async function readSecret(secretId: string): Promise<string> {
  const { readSecretValue } = await import('./secrets-client.ts')
  const text = await readSecretValue(secretId).catch((error: unknown) => {
    throw secretFault(secretId, error)
  })
  if (text === undefined)
    throw new Fault(
      'invalid_configuration',
      `Cannot read the secret ${JSON.stringify(secretId)}: it holds bytes; store one JSON object as text`,
    )
  return text
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  AccessDeniedException: 'this role may not; allow it secretsmanager:GetSecretValue on that secret',
  ResourceNotFoundException: 'there is none of that name in this region and account, or it has no value yet',
  DecryptionFailure: 'its key refuses; allow this role kms:Decrypt with it',
  InvalidRequestException: 'it is being deleted; restore it, or name another',
}

/** The SDK's error stays behind: what it holds of the request is nobody's business. */
function secretFault(secretId: string, error: unknown): Fault {
  const name = error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : 'unknown'
  const why = EXPLANATIONS[name] ?? 'Secrets Manager cannot be reached or gives no answer; try again later'
  return new Fault('unavailable', `Cannot read the secret ${JSON.stringify(secretId)}: ${why} (${name})`)
}
