import { describe, expect, it } from 'vitest'
import type { Request } from '../../../lib/huawei/http.ts'
import { listProjects } from '../../../lib/huawei/iam.ts'
import { respond } from '../../support/responses.ts'

const ORIGIN = 'https://iam.example'
const OURS = { id: 'p1', name: 'cn-north-4', enabled: true, is_domain: false }

/** What is made of these pages, one after the other, and what was asked for them. */
async function list(...pages: readonly unknown[]) {
  const asked: Request[] = []
  const send = async (request: Request) => respond(200, pages[asked.push(request) - 1])
  return { ...(await listProjects(send, ORIGIN, 'cn-north-4')), asked }
}

describe('listProjects', () => {
  it.each([
    ['of another region', { name: 'cn-north-1' }],
    ['of a region whose name begins alike', { name: 'cn-north-40' }],
    ['MOS', { name: 'MOS' }],
    ['disabled', { enabled: false }],
    ['disabled, whatever its name', { enabled: false, name: null }],
    ['a domain, whatever its name', { is_domain: true, name: undefined }],
    ['of another region, whatever its id', { name: 'cn-north-1', id: null }],
  ])('leaves out what is none of the region: %s', async (_, fields) => {
    const row = { ...OURS, id: 'p2', ...fields }
    expect(await list({ projects: [row, OURS] })).toMatchObject({
      projects: [{ id: 'p1', name: 'cn-north-4' }],
      gap: undefined,
    })
  })

  it.each([
    ['project "p2" has no readable name (found null)', { id: 'p2', name: null }],
    ['project "p2" has no readable name (found 7)', { id: 'p2', name: 7 }],
    ['project "p2" has no readable name (found "")', { id: 'p2', name: '' }],
    ['project "p2" has no readable name (found nothing)', { id: 'p2' }],
    ['a project named "cn-north-4_dev" has no readable id (found nothing)', { name: 'cn-north-4_dev' }],
    ['a project named "cn-north-4" has no readable id (found 7)', { id: 7, name: 'cn-north-4' }],
    ['project "a/b" has no readable id (found "a/b")', { id: 'a/b', name: 'cn-north-4' }],
    ['a project without a name has no readable id (found nothing), name (found nothing)', null],
    ['a project without a name has no readable id (found nothing), name (found nothing)', ['p2']],
  ])('says that %s, where it may be one of the region', async (described, row) => {
    const { projects, gap } = await list({ projects: [row, OURS] })
    expect(projects).toEqual([{ id: 'p1', name: 'cn-north-4' }])
    expect(gap).toBe(
      `1 of the projects that IAM lists, which may be of this region, cannot be read: ${described}`,
    )
  })

  it('counts them all, and describes a few', async () => {
    const { gap } = await list({ projects: Array.from({ length: 5 }, (_, index) => ({ id: `p${index}` })) })
    expect(gap).toMatch(
      /^5 of the projects .*: project "p0" .*; project "p1" .*; project "p2" .*; and 2 more$/,
    )
  })

  it.each([undefined, null, 'false', {}])(
    'takes a project for enabled that has %j there',
    async (enabled) => {
      expect(await list({ projects: [{ ...OURS, enabled }] })).toMatchObject({
        projects: [{ id: 'p1' }],
        gap: undefined,
      })
    },
  )

  it('follows the list from page to page, and has a project once that comes twice', async () => {
    const { projects, gap, asked } = await list(
      { projects: [OURS], links: { next: `${ORIGIN}/v3/projects?page=2&per_page=1` } },
      { projects: [{ ...OURS, id: 'p0' }, OURS], links: { next: null } },
    )
    expect(projects.map(({ id }) => id)).toEqual(['p0', 'p1'])
    expect(gap).toBeUndefined()
    expect(asked.map(({ path, query }) => [path, query])).toEqual([
      ['/v3/projects', []],
      [
        '/v3/projects',
        [
          ['page', '2'],
          ['per_page', '1'],
        ],
      ],
    ])
  })

  const OTHER = { ...OURS, id: 'p2', name: 'cn-north-4_dev' }

  it.each([
    ['nothing', []],
    ['one project twice', [OURS, OURS]],
  ])('asks again where IAM lists %s, for another may be missing', async (_, projects) => {
    const once = await list({ projects }, { projects: [OURS, OTHER] })
    expect(once.projects.map(({ id }) => id)).toEqual(['p1', 'p2'])
    expect(once).toMatchObject({ gap: undefined, asked: { length: 2 } })
  })

  it('says that another may be missing where IAM goes on listing one twice', async () => {
    const { projects, gap } = await list({ projects: [OURS, OURS] }, { projects: [OURS, OURS] })
    expect(projects).toEqual([{ id: 'p1', name: 'cn-north-4' }])
    expect(gap).toBe('IAM lists a project twice, in the place of which another may be missing')
  })

  it.each([
    'https://other.example/v3/projects?page=2',
    'https://iam.example:444/v3/projects?page=2',
    'https://iam.example/v3/users?page=2',
    'http://[',
  ])('says that the list goes on at %s, where nobody should follow', async (next) => {
    const { projects, gap, asked } = await list({ projects: [OURS], links: { next } })
    expect(projects).toHaveLength(1)
    expect(gap).toContain('the list that IAM sends goes on after 1 row')
    expect(asked).toHaveLength(1)
  })

  it('says so where a list goes round in a circle', async () => {
    const page = { projects: [OURS], links: { next: `${ORIGIN}/v3/projects?page=2` } }
    const { gap, asked } = await list(page, page, page)
    expect(gap).toContain('goes on after 2 rows')
    expect(asked).toHaveLength(2)
  })

  it.each(['', null, undefined, {}])('takes %j for the end of the list', async (next) => {
    expect(await list({ projects: [OURS], links: { next } })).toMatchObject({ gap: undefined })
  })
})
