/** The one script of the page. It only sorts and filters what is there already: without it nothing is missing. */
export const SCRIPT = `
'use strict'
const valueOf = (row, column) => {
  const cell = row.cells[column]
  const text = cell.dataset.sort ?? cell.textContent.trim()
  const number = Number.parseFloat(text)
  return Number.isNaN(number) || !cell.classList.contains('count') ? text : number
}
const sortBy = (table, header, column) => {
  const ascending = header.getAttribute('aria-sort') === 'descending'
  for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort')
  header.setAttribute('aria-sort', ascending ? 'ascending' : 'descending')
  const sign = ascending ? 1 : -1
  const keyed = [...table.tBodies[0].rows].map((row) => [valueOf(row, column), row])
  keyed.sort(([one], [other]) => (one < other ? -sign : one > other ? sign : 0))
  table.tBodies[0].append(...keyed.map(([, row]) => row))
}
for (const table of document.querySelectorAll('.sortable')) {
  ;[...table.tHead.rows[0].cells].forEach((header, column) => {
    const button = document.createElement('button')
    button.append(...header.childNodes)
    button.addEventListener('click', () => sortBy(table, header, column))
    header.append(button)
  })
}
const form = document.querySelector('.filter')
if (form) {
  const input = form.querySelector('input')
  const output = form.querySelector('output')
  const groups = [...document.querySelectorAll('.group')].map((group) => ({
    group,
    title: (group.querySelector('summary').textContent + group.querySelector('.ids').textContent).toLowerCase(),
    findings: [...group.querySelectorAll('.finding')].map((item) => [item, item.textContent.toLowerCase()]),
    wasOpen: group.open,
  }))
  const filter = () => {
    const wanted = input.value.trim().toLowerCase()
    let count = 0
    for (const { group, title, findings, wasOpen } of groups) {
      const whole = title.includes(wanted)
      let some = 0
      for (const [item, text] of findings) {
        item.hidden = !whole && !text.includes(wanted)
        if (!item.hidden) some += 1
      }
      group.hidden = some === 0
      group.open = wanted === '' ? wasOpen : some > 0
      count += some
    }
    output.textContent = wanted === '' ? '' : count + ' of the findings on this page'
  }
  form.hidden = false
  form.addEventListener('submit', (event) => event.preventDefault())
  input.addEventListener('input', filter)
}
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true
})
`
