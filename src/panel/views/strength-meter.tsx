/** How long a passphrase would withstand guessing, as it is typed. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

export function Meter(props: {
  score: number | null;
  trans: TranslationBundle;
}): React.ReactElement {
  const { score, trans } = props;
  const words = [
    trans.__('Very weak: guessed at once'),
    trans.__('Weak: guessed in minutes'),
    trans.__('Fair: guessed in days'),
    trans.__('Good: guessed in years'),
    trans.__('Strong: guessed in centuries')
  ];
  return (
    <div className="jp-CredentialStore-meter" data-score={score ?? undefined}>
      <meter
        min={0}
        max={5}
        // Browsers colour by these: red for weak, amber for fair, green above.
        low={2.5}
        high={3.5}
        optimum={5}
        value={score === null ? 0 : score + 1}
        aria-label={trans.__('Strength')}
      />
      <span aria-live="polite">{score === null ? ' ' : words[score]}</span>
    </div>
  );
}

/** Loads the estimator at the first letter; null until it is there. */
export function useStrength(): [number | null, (text: string) => void] {
  const [score, setScore] = React.useState<number | null>(null);
  const latest = React.useRef(0);
  const estimate = (text: string) => {
    const turn = ++latest.current;
    if (!text) {
      return setScore(null);
    }
    setTimeout(() => {
      if (turn !== latest.current) {
        return;
      }
      void import('../strength').then(({ strength }) => {
        if (turn === latest.current) {
          setScore(strength(text));
        }
      });
    }, 150);
  };
  return [score, estimate];
}
