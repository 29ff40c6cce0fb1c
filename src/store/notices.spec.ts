import { NoticeBoard } from './notices';

it('has one notice of each kind, the latest', () => {
  const board = new NoticeBoard();
  board.add({ kind: 'unsaved', reason: 'unreachable' });
  board.add({ kind: 'in-page' });
  board.add({ kind: 'unsaved', reason: 'disk-full' });
  expect(board.all).toEqual([
    { kind: 'in-page' },
    { kind: 'unsaved', reason: 'disk-full' }
  ]);
});

it('takes down what is over, and leaves the rest', () => {
  const board = new NoticeBoard();
  board.add({ kind: 'in-page' });
  board.add({ kind: 'rolled-back' });
  board.add({ kind: 'replaced' });
  board.remove('rolled-back', 'replaced');
  expect(board.all).toEqual([{ kind: 'in-page' }]);
  expect(board.has('in-page')).toBe(true);
  expect(board.has('replaced')).toBe(false);
});

it('gives a new list with each change, for views that compare', () => {
  const board = new NoticeBoard();
  const { all } = board;
  board.add({ kind: 'in-page' });
  expect(board.all).not.toBe(all);
  expect(all).toEqual([]);
});
