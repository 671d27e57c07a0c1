// Reads vitest's JSON report and prints: passed failed. A run that broke before any test counts as one failure.
import { readFileSync } from 'node:fs'

const text = readFileSync(process.argv[2], 'utf8')
const report = text === '' ? { numPassedTests: 0, numFailedTests: 0, success: false } : JSON.parse(text)
const failed = report.numFailedTests > 0 || report.success ? report.numFailedTests : 1
console.log(report.numPassedTests, failed)
