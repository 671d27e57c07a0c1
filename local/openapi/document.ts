import type { Parameter } from '../../lib/huawei/parameter.ts'
import { PROBLEMS } from '../../lib/runtime/problem.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { DescribedAnswer, Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { describeSchemas } from './schemas.ts'

type Json = Readonly<Record<string, unknown>>

const HEADERS: Readonly<Record<string, string>> = {
  Link: 'RFC 8288; rel="next" leads to the next page, as long as there is one',
  Operation: 'Where to ask what became of it: /checkpoints/{operation}',
  'Idempotency-Key': 'The key that was given, or made',
  Location: 'Where to ask for it: /audits/{audit_id}',
  'Retry-After': 'In how many seconds another try makes sense, where that is known',
  'X-Request-Id': 'The request_id of a problem, and of the line in the log',
}

/** A refusal of Huawei keeps its status where the caller's values are the cause. */
const STATUSES_OF_A_REFUSAL = [400, 404, 409, 502]

/** The HTTP API in OpenAPI 3.0, made from the table of operations and the schemas that the routes use. */
export function describeApi(): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const [route, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = route.split(' ')
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(operation) }
  }
  return {
    openapi: '3.0.3',
    info: {
      title: packageJson.name,
      version: packageJson.version,
      description:
        'Lists and makes backups on Huawei Cloud (CBR and DCS) and audits them. What a request may hold is closed, and every mistake in it is named at once; what Huawei answers is open: values under x-extensible-enum are those that are documented, and others may come. Made by npm run openapi; not edited by hand.',
      license: { name: packageJson.license, url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [
      { url: 'http://127.0.0.1:3000', description: 'npm start; asks nobody who he is' },
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com',
        description: 'Deployed',
        variables: { api: { default: 'API_ID' }, region: { default: 'eu-central-1' } },
      },
    ],
    tags: tagsOf(Object.values(OPERATIONS)),
    paths,
    components: {
      schemas: describeSchemas(),
      headers: Object.fromEntries(
        Object.entries(HEADERS).map(([name, description]) => [
          name,
          { description, schema: { type: 'string' } },
        ]),
      ),
      securitySchemes: {
        iam: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4, of a caller who may execute-api:Invoke',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
  }
}

const FUNCTIONS = {
  'list-backups': 'Lists backups, page by page',
  'create-checkpoint': 'Backs up a vault now, exactly once',
  'ask-for-audit': 'Starts audits, and tells of them',
  'receive-alert': 'Takes alerts in, and starts what the policy says',
} as const satisfies Record<Operation['function'], string>

function tagsOf(operations: readonly Operation[]): readonly Json[] {
  const names = new Set(operations.map((operation) => operation.function))
  return [...names].map((name) => ({ name, description: FUNCTIONS[name] }))
}

function describeOperation(operation: Operation): Json {
  const { id, summary, description, path = [], query = [], headers = [], body, answers, isOpen } = operation
  return {
    operationId: id,
    tags: [operation.function],
    summary,
    description,
    parameters: [
      ...path.map((parameter) => describeParameter(parameter, 'path')),
      ...query.map((parameter) => describeParameter(parameter, 'query')),
      ...headers.map((parameter) => describeParameter(parameter, 'header')),
    ],
    ...(body !== undefined && {
      requestBody: describeBody(body),
    }),
    responses: { ...describeAnswers(answers), ...describeProblems(operation) },
    security: isOpen ? [] : [{ iam: [] }],
  }
}

function describeBody({ schema, example, isRequired, takesText }: NonNullable<Operation['body']>): Json {
  const types = ['application/json', ...(takesText ? ['text/plain'] : [])]
  const content = { schema: refTo('schemas', schema), example }
  return { required: isRequired, content: Object.fromEntries(types.map((type) => [type, content])) }
}

function describeParameter({ name, kind, repeats, description, example }: Parameter, place: string): Json {
  const schema = kind.jsonSchema
  const isTyped = schema['type'] === 'integer' || schema['type'] === 'boolean'
  const value = isTyped ? JSON.parse(example) : example
  return {
    name,
    in: place,
    required: place === 'path',
    description: `${description}. Allowed is ${kind.allowed}`,
    ...(repeats
      ? { style: 'form', explode: true, schema: { type: 'array', items: schema }, example: [value] }
      : { schema, example: value }),
  }
}

function describeAnswers(answers: Readonly<Record<number, DescribedAnswer>>): Json {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { says, schema, headers = [] }]) => [
      status,
      {
        description: says,
        headers: headersNamed([...headers, 'X-Request-Id']),
        content: { 'application/json': { schema: refTo('schemas', schema) } },
      },
    ]),
  )
}

/** Every route may find the request wrong, and may be defective. */
function describeProblems({ problems, promises = [] }: Operation): Json {
  const byStatus = new Map<number, string[]>()
  for (const code of ['invalid_request', ...problems, 'internal'] as const) {
    const [status, title] = PROBLEMS[code]
    for (const each of code === 'upstream_refused' ? STATUSES_OF_A_REFUSAL : [status])
      byStatus.set(each, [...(byStatus.get(each) ?? []), `${code}: ${title}`])
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([left], [right]) => left - right)
      .map(([status, says]) => [
        status,
        {
          description: says.join('; '),
          headers: headersNamed([...promises, ...(status === 503 ? ['Retry-After'] : []), 'X-Request-Id']),
          content: { 'application/problem+json': { schema: refTo('schemas', 'Problem') } },
        },
      ]),
  )
}

function headersNamed(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, refTo('headers', name)]))
}

function refTo(section: 'schemas' | 'headers', name: string): Json {
  return { $ref: `#/components/${section}/${name}` }
}
