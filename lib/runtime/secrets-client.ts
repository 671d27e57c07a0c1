import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

const SILENCE_MS = 5_000

/** Reads the current version of a secret as text; the only file that loads this SDK, so that whoever has no secret does not wait for it. */
export async function readSecretValue(secretId: string): Promise<string | undefined> {
  const client = new SecretsManagerClient({
    requestHandler: {
      connectionTimeout: SILENCE_MS,
      requestTimeout: SILENCE_MS,
      throwOnRequestTimeout: true,
    },
  })
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString
  } finally {
    client.destroy()
  }
}
