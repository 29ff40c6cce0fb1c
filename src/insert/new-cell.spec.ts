import { openCell } from './new-cell';

interface IParts {
  type?: string;
  source?: string;
  readOnly?: boolean;
  none?: boolean;
}

function cell(type: string, source: string) {
  const model = { type, sharedModel: { getSource: () => source } };
  return { model, ready: Promise.resolve() };
}

/** A notebook of three cells, the second of which is active. */
function make({ type = 'code', source = '', ...parts }: IParts = {}) {
  const cells = [cell('code', 'x'), cell(type, source), cell('code', 'y')];
  const insertCell = jest.fn((at: number, { cell_type }: any) =>
    cells.splice(at, 0, cell(cell_type, ''))
  );
  const content = {
    model: { readOnly: parts.readOnly ?? false, sharedModel: { insertCell } },
    activeCellIndex: parts.none ? -1 : 1,
    get activeCell() {
      return cells[this.activeCellIndex] ?? null;
    },
    deselectAll: jest.fn(),
    scrollToCell: jest.fn(async () => undefined)
  };
  const notebooks = { currentWidget: { id: 'front', content } } as any;
  return { notebooks, content, insertCell };
}

const show = jest.fn();
beforeEach(() => show.mockClear());

it.each<[string, IParts, number]>([
  ['what a person has written', { source: 'x = ' }, 2],
  ['a text', { type: 'markdown' }, 2],
  ['nothing, in an empty notebook', { none: true }, 0]
])('a new code cell comes below %s', async (_, parts, at) => {
  const { notebooks, content, insertCell } = make(parts);
  expect(await openCell(notebooks, show)).toBe(true);
  expect(insertCell).toHaveBeenCalledTimes(1);
  expect(insertCell.mock.calls[0]).toMatchObject([at, { cell_type: 'code' }]);
  expect(content.activeCellIndex).toBe(at);
  expect(content.scrollToCell).toHaveBeenCalledWith(content.activeCell);
});

it('a code cell in which nothing is written serves as well', async () => {
  const { notebooks, content, insertCell } = make({ source: ' \n' });
  expect(await openCell(notebooks, show)).toBe(true);
  expect(insertCell).not.toHaveBeenCalled();
  expect(content.activeCellIndex).toBe(1);
});

it('the notebook is brought to the front', async () => {
  await openCell(make().notebooks, show);
  expect(show).toHaveBeenCalledWith('front');
});

it('the cell’s editor is waited for', async () => {
  const { notebooks, content } = make();
  let ready!: () => void;
  content.activeCell.ready = new Promise(resolve => (ready = resolve));
  const done = jest.fn();
  const opened = openCell(notebooks, show).then(done);
  await new Promise(resolve => setTimeout(resolve));
  expect(done).not.toHaveBeenCalled();
  ready();
  await opened;
  expect(done).toHaveBeenCalledWith(true);
});

it.each([
  ['there is no notebook', { currentWidget: null }],
  ['nothing tells of notebooks', null],
  ['the notebook cannot be written to', make({ readOnly: true }).notebooks]
])('no cell is there where %s', async (_, notebooks) => {
  expect(await openCell(notebooks, show)).toBe(false);
  expect(show).not.toHaveBeenCalled();
});
