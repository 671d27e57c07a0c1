import * as z from 'zod/mini'
import { listOfDistinct, textLike, uuid } from '../request-values.ts'
import { strict } from '../strict.ts'
import { RESOURCE_TYPES } from './cbr-list-query.ts'

const LONGEST_TEXT = 255
const MOST_DETAILS = 256

/** The page of 2025-12 allows Chinese characters, the English one does not: taken from people, never generated. */
const NAME = /^[A-Za-z0-9_\u4e00-\u9fff-]{1,64}$/

const shortText = textLike(
  // Characters, not UTF-16 units.
  (value) => [...value.slice(0, 2 * LONGEST_TEXT + 1)].length <= LONGEST_TEXT,
  `a text of at most ${LONGEST_TEXT} characters`,
  { maxLength: LONGEST_TEXT },
)
const flag = z.boolean('true or false')

const resourceDetail = strict({
  id: uuid,
  type: z.enum(RESOURCE_TYPES, `one of ${RESOURCE_TYPES.join(', ')}`),
  name: z.optional(shortText),
  extra_info: z.optional(strict({ exclude_volumes: z.optional(z.array(uuid, 'a list of volume ids')) })),
})

/** The body of `POST /v3/{project_id}/checkpoints` as documented, with nothing else in it. */
export const checkpointBody = strict({
  checkpoint: strict({
    vault_id: uuid,
    parameters: z.optional(
      strict({
        auto_trigger: z.optional(
          flag.check(z.describe('Whether the backups are marked as made by a schedule; false by default')),
        ),
        description: z.optional(shortText),
        incremental: z.optional(
          flag.check(z.describe('Whether they are incremental backups; true by default')),
        ),
        name: z.optional(
          textLike((value) => NAME.test(value), '1 to 64 letters, digits, "_", "-" or Chinese characters', {
            pattern: NAME.source,
          }),
        ),
        resources: z.optional(listOfDistinct(uuid, (id) => id, 'resource ids, each once')),
        resource_details: z.optional(
          listOfDistinct(
            resourceDetail,
            ({ id }) => id,
            `resources, at most ${MOST_DETAILS}, each id once`,
            MOST_DETAILS,
          ),
        ),
      }),
    ),
  }),
})

/** What a caller may ask for. */
export type CheckpointBody = z.infer<typeof checkpointBody>
