import { describe, expect, it } from 'vitest'
import { strangerIn } from '../../local/stranger.ts'

describe('strangerIn', () => {
  it.each([
    [{}],
    [{ host: '127.0.0.1:3000' }],
    [{ host: 'localhost' }],
    [{ host: '[::1]:3000', origin: 'http://localhost:8080' }],
  ])('lets %j in', (headers) => {
    expect(strangerIn(headers)).toBeUndefined()
  })

  it.each([
    [{ host: 'evil.example' }, 'host'],
    [{ host: '127.0.0.1.evil.example:3000' }, 'host'],
    [{ host: 'a b' }, 'host'],
    [{ host: 'localhost:3000', origin: 'https://evil.example' }, 'origin'],
    [{ host: 'localhost:3000', origin: 'null' }, 'origin'],
  ])('names in %j the header of a stranger', (headers, name) => {
    expect(strangerIn(headers)).toBe(name)
  })
})
