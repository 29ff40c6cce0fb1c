/** Icons of the panel that JupyterLab does not have. */
import { LabIcon } from '@jupyterlab/ui-components';
import backSvg from '../../style/icons/back.svg';
import eyeOffSvg from '../../style/icons/eye-off.svg';
import eyeSvg from '../../style/icons/eye.svg';
import lockSvg from '../../style/icons/lock.svg';
import moreSvg from '../../style/icons/more.svg';
import warningSvg from '../../style/icons/warning.svg';

const icon = (name: string, svgstr: string) =>
  new LabIcon({ name: `jupyterlab-credential-store:${name}`, svgstr });

export const backIcon = icon('back', backSvg);
export const eyeIcon = icon('eye', eyeSvg);
export const eyeOffIcon = icon('eye-off', eyeOffSvg);
export const lockIcon = icon('lock', lockSvg);
export const moreIcon = icon('more', moreSvg);
export const warningIcon = icon('warning', warningSvg);
