import { readJson } from './json.ts'

/** What a URL answers, with its body parsed. */
export async function fetchJson(url: string) {
  const response = await fetch(url)
  return { status: response.status, body: readJson(await response.text()) }
}
