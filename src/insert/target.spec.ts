import { findTarget, insertCall, type ITrackers } from './target';

const IMPORT = 'from kernel_connector import get_credential\n';

/** A cell with an editor; `|` in the text is the cursor. */
function cell(text = '|', type = 'code', mimeType = 'text/x-ipython') {
  let source = text.replace('|', '');
  let cursor = text.indexOf('|');
  const sharedModel = {
    getSource: () => source,
    updateSource: (start: number, end: number, value: string) => {
      source = source.slice(0, start) + value + source.slice(end);
    }
  };
  const model = { type, mimeType, sharedModel };
  const focus = jest.fn();
  return {
    model,
    focus,
    get text() {
      return `${source.slice(0, cursor)}|${source.slice(cursor)}`;
    },
    editor: {
      model,
      focus,
      getCursorPosition: () => cursor,
      getOffsetAt: (position: number) => position,
      getPositionAt: (offset: number) => offset,
      setCursorPosition: (position: number) => {
        cursor = position;
      },
      replaceSelection: (value: string) => {
        source = source.slice(0, cursor) + value + source.slice(cursor);
        cursor += value.length;
      }
    }
  };
}

type Cell = ReturnType<typeof cell>;

function notebook(active: Partial<Cell> | null, ...others: Cell[]) {
  const cells = [...others, ...(active ? [active] : [])];
  return {
    content: {
      activeCell: active,
      mode: 'command',
      model: {
        cells: cells.map(c => ({
          type: c.model!.type,
          sharedModel: c.model!.sharedModel
        }))
      }
    }
  };
}

function console_(promptCell: Cell | null, ...cells: Cell[]) {
  return { console: { promptCell, cells } };
}

function trackers(
  parts: { notebook?: object; console?: object; current?: object } = {}
): ITrackers {
  return {
    notebooks: { currentWidget: parts.notebook ?? null } as any,
    consoles: { currentWidget: parts.console ?? null } as any,
    current: () => (parts.current ?? null) as any
  };
}

describe('the call goes', () => {
  it('to the active cell, at the cursor, which then has the focus', () => {
    const active = cell('x = |');
    const front = notebook(active, cell(IMPORT));
    expect(insertCall('db', trackers({ notebook: front }))).toBe(true);
    expect(active.text).toBe('x = get_credential("db")|');
    expect(active.focus).toHaveBeenCalled();
    expect(front.content.mode).toBe('edit');
  });

  it('below the import that it brings', () => {
    const active = cell('y = 1\nx = |');
    insertCall('db', trackers({ notebook: notebook(active) }));
    expect(active.text).toBe(`${IMPORT}y = 1\nx = get_credential("db")|`);
  });

  it('below a cell magic, which stays the first line', () => {
    const active = cell('%%time\nx = |');
    insertCall('db', trackers({ notebook: notebook(active) }));
    expect(active.text).toBe(`%%time\n${IMPORT}x = get_credential("db")|`);
  });

  it('where the cursor stays, though that is in the magic', () => {
    const active = cell('%%time |\nx');
    insertCall('db', trackers({ notebook: notebook(active) }));
    expect(active.text).toBe(`%%time get_credential("db")|\n${IMPORT}x`);
  });

  it('without an import to a kernel of another language', () => {
    const active = cell('|', 'code', 'text/x-julia');
    insertCall('db', trackers({ notebook: notebook(active) }));
    expect(active.text).toBe('get_credential("db")|');
  });

  it('by the import of any code cell, but of no text', () => {
    const active = cell();
    const words = cell(IMPORT, 'markdown');
    insertCall('db', trackers({ notebook: notebook(active, words) }));
    expect(active.text).toBe(`${IMPORT}get_credential("db")|`);
  });

  it('to a console in front, by the cells that it has run', () => {
    const prompt = cell();
    const front = console_(prompt, cell(IMPORT));
    const widgets = trackers({
      notebook: notebook(cell()),
      console: front,
      current: front
    });
    expect(insertCall('db', widgets)).toBe(true);
    expect(prompt.text).toBe('get_credential("db")|');
    expect(prompt.focus).toHaveBeenCalled();
  });

  it('to the notebook if a console is open behind it', () => {
    const [active, prompt] = [cell(IMPORT + '|'), cell()];
    const front = notebook(active);
    insertCall(
      'db',
      trackers({ notebook: front, console: console_(prompt), current: front })
    );
    expect(active.text).toContain('"db"');
    expect(prompt.text).toBe('|');
  });

  it('to the console if there is no notebook, whatever is in front', () => {
    const prompt = cell(IMPORT + '|');
    insertCall('db', trackers({ console: console_(prompt) }));
    expect(prompt.text).toContain('"db"');
  });
});

describe('there is nowhere to write', () => {
  it.each([
    ['without a document', trackers()],
    [
      'without trackers',
      { notebooks: null, consoles: null, current: () => null }
    ],
    ['without an active cell', trackers({ notebook: notebook(null) })],
    ['in a text cell', trackers({ notebook: notebook(cell('|', 'markdown')) })],
    [
      'in a cell out of view, which has no editor',
      trackers({ notebook: notebook({ model: cell().model }) })
    ],
    ['in a console without a prompt', trackers({ console: console_(null) })]
  ])('%s', (_, widgets) => {
    expect(findTarget(widgets)).toBeNull();
    expect(insertCall('db', widgets)).toBe(false);
  });
});
