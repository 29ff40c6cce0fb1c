/** The key: the one icon that is needed when Lab starts. */
import { LabIcon } from '@jupyterlab/ui-components';
import keySvg from '../style/icons/key.svg';

export const keyIcon = new LabIcon({
  name: 'jupyterlab-credential-store:key',
  svgstr: keySvg
});
