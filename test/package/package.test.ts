import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { type Json, objectAt, readJson, rowsAt, textAt } from '../support/json.ts'
import { unzip } from '../support/unzip.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What a careless shell holds while somebody packages. */
const CANARIES = {
  HUAWEICLOUD_SDK_AK: 'CANARYACCESSKEY00001',
  HUAWEICLOUD_SDK_SK: 'canary-secret-key',
  HUAWEICLOUD_SDK_SECURITY_TOKEN: 'canary-security-token',
  HUAWEICLOUD_USERNAME: 'canary-user',
  HUAWEICLOUD_PASSWORD: 'canary-password',
  HUAWEICLOUD_DOMAIN_NAME: 'canary-domain',
  HUAWEICLOUD_CREDENTIALS_SECRET: 'canary-secret-name',
  ALERT_SECRETS: '{"grafana":["canary-alert-key"]}',
  AWS_ACCESS_KEY_ID: 'AKIACANARYCANARY0001',
  AWS_SECRET_ACCESS_KEY: 'canary-aws-secret-key',
  AWS_SESSION_TOKEN: 'canary-aws-session-token',
  NPM_TOKEN: 'canary-npm-token',
}

interface Resource {
  readonly Type: string
  readonly DeletionPolicy?: string
  readonly DependsOn?: string | readonly string[]
  readonly Properties: Json
}

const statements = z.array(
  z.object({ Effect: z.string(), Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() }),
)

/** What is deployed under the name of a function, and from which bundle; only one has not the name of its bundle. */
const BUNDLE_OF: Readonly<Record<string, string>> = { 'ask-for-audit': 'backup-audit' }

let workspaces: readonly Workspace[]
let functionNames: readonly string[]
let template: { readonly Resources: Readonly<Record<string, Resource>> }

beforeAll(async () => {
  workspaces = await Promise.all([openWorkspace(), openWorkspace()])
  await Promise.all(workspaces.map(({ npmRun }) => npmRun('package', CANARIES)))
  const files = (await readdir(join(ROOT, 'functions'))).map((file) => basename(file, '.ts'))
  functionNames = [...files, ...Object.keys(BUNDLE_OF)]
  template = JSON.parse((await packaged('cloudformation-template-update-stack.json')).toString())
}, 240_000)

afterAll(async () => {
  for (const { remove } of workspaces) await remove()
})

function packaged(name: string, workspace = workspaces[0]): Promise<Buffer> {
  return readFile(join(workspace?.folder ?? '', '.serverless', name))
}

function resourcesOf(type: string): readonly (readonly [logicalId: string, properties: Json])[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, { Properties }]) => [logicalId, Properties])
}

function propertiesOf(logicalId: string): Json {
  const resource = template.Resources[logicalId]
  if (resource === undefined) throw new Error(`no ${logicalId} in the template`)
  return resource.Properties
}

function functionOf(name: string): Json {
  const [, properties] =
    resourcesOf('AWS::Lambda::Function').find(
      ([, { FunctionName }]) => FunctionName === `huawei-backup-audit-dev-${name}`,
    ) ?? []
  if (properties === undefined) throw new Error(`no function ${name} in the template`)
  return properties
}

function grantsOf(roleId: string) {
  return rowsAt(propertiesOf(roleId), 'Policies').flatMap((policy) =>
    statements.parse(objectAt(policy, 'PolicyDocument').Statement),
  )
}

function roleOf(functionName: string): string {
  return textAt(functionOf(functionName), 'Role.Fn::GetAtt.0')
}

function variablesOf(functionName: string): Json {
  return objectAt(functionOf(functionName), 'Environment.Variables')
}

function secretOf(functionName: string): string {
  const variables = variablesOf(functionName)
  const name =
    'HUAWEICLOUD_CREDENTIALS_SECRET' in variables ? 'HUAWEICLOUD_CREDENTIALS_SECRET' : 'ALERT_SECRETS_SECRET'
  return textAt(variables, name)
}

describe('npm run package', () => {
  it('makes one zip per function, with one file in it: the bundle', async () => {
    const folder = workspaces[0]?.folder ?? ''
    const zips = (await readdir(join(folder, '.serverless'))).filter((name) => name.endsWith('.zip'))
    expect(zips.sort()).toEqual(functionNames.map((name) => `${name}.zip`).sort())
    for (const name of functionNames) {
      const file = `dist/${BUNDLE_OF[name] ?? name}.cjs`
      expect(functionOf(name).Handler).toBe(file.replace('.cjs', '.handler'))
      expect(unzip(await packaged(`${name}.zip`))).toEqual([
        { name: file, bytes: await readFile(join(folder, file)) },
      ])
    }
  })

  it('makes the same bytes in another folder at another time', async () => {
    for (const name of functionNames) {
      const [one, other] = await Promise.all(
        workspaces.map((workspace) => packaged(`${name}.zip`, workspace)),
      )
      expect(one?.equals(other ?? Buffer.of()), name).toBe(true)
    }
  })

  it('keeps source maps beside the bundles and out of them', async () => {
    const folder = join(workspaces[0]?.folder ?? '', 'dist')
    for (const name of functionNames.filter((each) => BUNDLE_OF[each] === undefined)) {
      expect(readJson(await readFile(join(folder, `${name}.cjs.map`), 'utf8'))['sources']).not.toEqual([])
      expect(await readFile(join(folder, `${name}.cjs`), 'utf8')).not.toContain('sourceMappingURL')
    }
  })

  it('takes nothing from the environment into what it makes', async () => {
    const folder = workspaces[0]?.folder ?? ''
    for (const part of ['.serverless', 'dist']) {
      for (const name of await readdir(join(folder, part))) {
        const bytes = await readFile(join(folder, part, name))
        const texts = name.endsWith('.zip') ? unzip(bytes).map((file) => file.bytes) : [bytes]
        const found = Object.entries(CANARIES).filter(([, value]) =>
          texts.some((text) => text.includes(value)),
        )
        expect(found, name).toEqual([])
      }
    }
  })

  it('takes a target, a policy and a schedule as parameters', async () => {
    const sources = await readFile(join(ROOT, 'serverless.yml'), 'utf8')
    expect(sources).not.toMatch(/\$\{(?:ssm|aws|s3|cf):/)
    expect(variablesOf('backup-audit')).toEqual({
      AUDIT_TARGETS: '',
      AUDIT_POLICY: '',
      REPORT_STORE: { 'Fn::Sub': expect.stringMatching(/^s3:\/\/huawei-backup-audit-dev-/) },
      HUAWEICLOUD_CREDENTIALS_SECRET: 'huawei-backup-audit/dev/audit',
    })
  })
})

describe('the template', () => {
  it('runs every function on Node 24 and ARM, with JSON logs that are kept for a time', () => {
    for (const name of functionNames) {
      expect(functionOf(name)).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogFormat: 'JSON' },
      })
    }
    const groups = resourcesOf('AWS::Logs::LogGroup')
    expect(groups.length).toBeGreaterThan(functionNames.length)
    for (const [, { RetentionInDays }] of groups) expect(RetentionInDays).toBe(90)
  })

  it('has exactly the routes of the contract, of which that of alerts alone is public', () => {
    const routes = resourcesOf('AWS::ApiGatewayV2::Route').map(([, route]) => [
      textAt(route, 'RouteKey'),
      route.AuthorizationType ?? 'NONE',
    ])
    expect(Object.fromEntries(routes)).toEqual({
      'GET /backups': 'AWS_IAM',
      'GET /instances/{instance_id}/backups': 'AWS_IAM',
      'POST /checkpoints': 'AWS_IAM',
      'GET /checkpoints/{operation}': 'AWS_IAM',
      'POST /audits': 'AWS_IAM',
      'GET /audits/latest': 'AWS_IAM',
      'GET /audits/{audit_id}': 'AWS_IAM',
      'POST /alerts/{source}': 'NONE',
    })
    expect(resourcesOf('AWS::Lambda::Url')).toEqual([])
  })

  it('gives the route of alerts a throttle of its own, set when the route is there', () => {
    const [[, stage] = []] = resourcesOf('AWS::ApiGatewayV2::Stage')
    expect(stage?.RouteSettings).toEqual({ 'POST /alerts/{source}': expect.any(Object) })
    const { ThrottlingRateLimit } = objectAt(stage, 'RouteSettings.POST /alerts/{source}')
    expect(ThrottlingRateLimit).toBeGreaterThan(100)
    const awaited = [template.Resources['HttpApiStage']?.DependsOn].flat()
    expect(awaited.map((id) => template.Resources[String(id)]?.Properties.RouteKey)).toContain(
      'POST /alerts/{source}',
    )
  })

  it('gives whoever receives alerts the inbox, and nothing of Huawei', () => {
    const variables = variablesOf('receive-alert')
    expect(Object.keys(variables).filter((name) => name.startsWith('HUAWEICLOUD'))).toEqual([])
    expect(variables.AUDIT_TARGETS).toBe('')
    const writable = grantsOf(roleOf('receive-alert')).filter(({ Action }) =>
      [Action].flat().includes('s3:PutObject'),
    )
    expect(writable.map(({ Resource }) => JSON.stringify(Resource))).toEqual([
      expect.stringMatching(/:::huawei-backup-audit-dev-[^/]*\/inbox\/\*"/),
    ])
  })

  it('lets the audit write reports and what it knows of audits, but no order, no policy and no ledger of checkpoints', () => {
    const writable = grantsOf(roleOf('backup-audit'))
      .filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
      .flatMap(({ Resource }) => [Resource].flat())
      .map((resource) => /:::[^/]+\/([^"]*)/.exec(JSON.stringify(resource))?.[1])
    expect(writable).toEqual(['2*/*', 'latest.json', '.probe*', 'ledger/audit/*', 'ledger/audit-turn/*'])
  })

  it('lets nobody call a function but this API, this timer and this bucket', () => {
    const callers = resourcesOf('AWS::Lambda::Permission')
    for (const [id, { SourceArn }] of callers) expect(SourceArn, id).toBeDefined()
    expect(new Set(callers.map(([, { Principal }]) => Principal))).toEqual(
      new Set(['apigateway.amazonaws.com', 's3.amazonaws.com']),
    )
  })

  it('gives every function a role of its own', () => {
    const roles = functionNames.map(roleOf)
    expect(new Set(roles).size).toBe(functionNames.length)
    for (const role of roles) expect(template.Resources[role]?.Type).toBe('AWS::IAM::Role')
  })

  it('allows no action and no resource with a bare star', () => {
    const grants = resourcesOf('AWS::IAM::Role').flatMap(([roleId]) => grantsOf(roleId))
    expect(grants.length).toBeGreaterThan(8)
    for (const { Effect, Action, Resource } of grants) {
      expect(Effect).toBe('Allow')
      for (const action of [Action].flat()) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/)
      for (const resource of [Resource].flat()) {
        const text = typeof resource === 'string' ? resource : JSON.stringify(resource)
        expect(text).not.toMatch(/^\*$|:\*:|:::\*/)
        expect(text.includes(':*') && !/:logs:|:\*\/durable-execution\/\*\/\*/.test(text)).toBe(false)
      }
    }
    expect(resourcesOf('AWS::IAM::Policy')).toEqual([])
    expect(resourcesOf('AWS::IAM::ManagedPolicy')).toEqual([])
    for (const [, { ManagedPolicyArns }] of resourcesOf('AWS::IAM::Role'))
      expect(ManagedPolicyArns).toBeUndefined()
  })

  it('lets each function read the one secret that it names, and the audit not that of the checkpoints', () => {
    for (const name of functionNames) {
      const secret = secretOf(name)
      const readable = grantsOf(roleOf(name)).filter(
        ({ Action }) => Action === 'secretsmanager:GetSecretValue',
      )
      expect(
        readable.map(({ Resource }) => JSON.stringify(Resource)),
        name,
      ).toEqual([expect.stringContaining(`:secret:${secret}-??????"`)])
    }
    expect(secretOf('backup-audit')).not.toBe(secretOf('create-checkpoint'))
    expect(secretOf('backup-audit').startsWith(secretOf('create-checkpoint'))).toBe(false)
  })

  it('keeps reports private, encrypted, versioned, locked, and after the stack is gone', () => {
    expect(template.Resources['Reports']).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: { Status: 'Enabled' },
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 30 } } },
        LifecycleConfiguration: {
          Rules: [
            { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
            { NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
          ],
        },
      },
    })
    expect(propertiesOf('Reports').BucketEncryption).toBeDefined()
  })

  it('denies the report store to plain HTTP, and manifests to whoever would overwrite one', () => {
    const denials = rowsAt(propertiesOf('ReportsPolicy'), 'PolicyDocument.Statement')
    expect(denials.map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny', 'Deny'])
    expect(denials).toMatchObject([
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
      {
        Action: 's3:PutObject',
        Resource: { 'Fn::Sub': expect.stringMatching(/\/\*\/manifest\.json$/) },
        Condition: { Null: { 's3:if-none-match': 'true' } },
      },
    ])
  })

  it('audits in durable executions, which messages alone start, through a version of their own', () => {
    expect(functionOf('backup-audit').DurableConfig).toEqual({
      ExecutionTimeout: 86_400,
      RetentionPeriodInDays: 14,
    })
    for (const name of functionNames.filter((each) => each !== 'backup-audit'))
      expect(functionOf(name).DurableConfig).toBeUndefined()
    const alias = { Ref: 'BackupDashauditDurableLambdaAlias' }
    expect(template.Resources[alias.Ref]?.Type).toBe('AWS::Lambda::Alias')
    for (const timer of ['AuditSchedule', 'AuditSweep'])
      expect(objectAt(propertiesOf(timer), 'Target.Arn')).toEqual(alias)
    expect(propertiesOf('InboxMayAudit').FunctionName).toEqual(alias)
    const routes = resourcesOf('AWS::ApiGatewayV2::Integration').map(([, one]) =>
      JSON.stringify(one.IntegrationUri),
    )
    expect(routes.join()).not.toContain('BackupDashaudit')
    expect(grantsOf(roleOf('backup-audit')).flatMap(({ Action }) => Action)).toEqual(
      expect.arrayContaining(['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState']),
    )
  })

  it('audits by a timer with a time zone, whose message the function understands', async () => {
    const schedule = propertiesOf('AuditSchedule')
    expect(schedule).toMatchObject({
      ScheduleExpression: 'cron(0 6 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      Target: { DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['FailedAudits', 'Arn'] } } },
    })
    const replayed = readJson(await readFile(join(ROOT, 'events/backup-audit.scheduled.json'), 'utf8'))
    expect(JSON.parse(textAt(schedule, 'Target.Input'))).toEqual(replayed['event'])
  })

  it('keeps what failed, and rings where it did or where no complete audit comes', () => {
    expect(functionOf('backup-audit').DeadLetterConfig).toEqual({
      TargetArn: { 'Fn::GetAtt': ['FailedAudits', 'Arn'] },
    })
    const queues = resourcesOf('AWS::Lambda::EventInvokeConfig').map(([, config]) =>
      textAt(config, 'DestinationConfig.OnFailure.Destination.Fn::GetAtt.0'),
    )
    expect(queues).toEqual(['FailedCheckpoints'])
    // FLT-054: within a minute of the failure.
    expect(propertiesOf('CheckpointFailed')).toMatchObject({ Period: 60, Threshold: 0 })
    expect(propertiesOf('NoCompleteAudit')).toMatchObject({
      TreatMissingData: 'breaching',
      Period: 3600,
      EvaluationPeriods: 26,
      AlarmActions: [{ Ref: 'Alarms' }],
    })
    for (const [id, { AlarmActions }] of resourcesOf('AWS::CloudWatch::Alarm'))
      expect(AlarmActions, id).toEqual([{ Ref: 'Alarms' }])
    expect(propertiesOf('UnsettledCheckpoints').FilterPattern).toMatch(
      /held.*unknown.*waiting.*parked.*quarantined.*operation failed.*operation refused/,
    )
  })

  it('lets orders in the inbox and a timer start the function that each is for', async () => {
    const notified = rowsAt(propertiesOf('Reports'), 'NotificationConfiguration.LambdaConfigurations')
    const started = notified.map((one) => [textAt(one, 'Filter.S3Key.Rules.0.Value'), one.Function])
    expect(Object.fromEntries(started)).toEqual({
      'inbox/audit/': { Ref: 'BackupDashauditDurableLambdaAlias' },
      'inbox/checkpoint/': { 'Fn::GetAtt': ['CreateDashcheckpointLambdaFunction', 'Arn'] },
    })
    for (const [id, name] of [
      ['CheckpointSweep', 'create-checkpoint'],
      ['AuditSweep', 'backup-audit'],
    ] as const) {
      const sweep = propertiesOf(id)
      const replayed = readJson(await readFile(join(ROOT, `events/${name}.sweep.json`), 'utf8'))
      expect(sweep.ScheduleExpression).toBe('rate(5 minutes)')
      expect(JSON.parse(textAt(sweep, 'Target.Input'))).toEqual(replayed['event'])
    }
  })

  it('lets create-checkpoint read orders and the policy, keep its own ledger, and nothing more in the store', () => {
    const inStore = grantsOf(roleOf('create-checkpoint')).filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith('s3:')),
    )
    const paths = inStore.map(({ Action, Resource }) => [
      [Action].flat(),
      [Resource].flat().map((resource) =>
        JSON.stringify(resource)
          .replace(/^.*?AWS::Region\}/, '')
          .slice(0, -2),
      ),
    ])
    expect(paths).toEqual([
      [['s3:GetObject', 's3:PutObject'], ['/ledger/checkpoint*']],
      [['s3:GetObject'], ['/inbox/checkpoint/*', '/policy.json']],
      [['s3:ListBucket'], ['']],
    ])
  })
})
