// The script of a self-contained report: draws every figure of the page from its Vega-Lite specification.
// Expressions are interpreted (ast + interpreter) instead of compiled with Function(), which the page's
// Content-Security-Policy forbids.
import embed from 'vega-embed';
import { expressionInterpreter } from 'vega-interpreter';

const font = 'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif';

// figures stand on white in light and dark pages alike: the teacher is dark everywhere
const config = {
  background: '#fff',
  font,
  axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', gridOpacity: 0.5 },
  legend: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal' },
  title: { fontSize: 13, fontWeight: 600, anchor: 'start' },
};

function save(view, id, kind) {
  return view.toImageURL(kind, kind === 'png' ? 2 : 1).then((href) => {
    const link = document.createElement('a');
    link.href = href;
    link.download = `${id}.${kind}`;
    link.click();
  });
}

async function draw(id, spec) {
  const box = document.getElementById(id);
  const drawing = document.createElement('div');
  const plot = box.querySelector('.plot');
  // the picture drawn in advance stays until the live one is complete, and for good when that fails
  plot.append(drawing);
  try {
    const { view } = await embed(drawing, spec, {
      renderer: 'svg', actions: false, ast: true, expr: expressionInterpreter, config,
    });
    plot.querySelector('.static')?.remove();
    for (const button of box.querySelectorAll('button[data-save]')) {
      button.hidden = false;
      button.onclick = () => save(view, id, button.dataset.save);
    }
  } catch (problem) {
    drawing.remove();
    box.dataset.problem = String(problem?.message ?? problem);
    console.error(`${id}: ${box.dataset.problem}`);
  }
}

window.understudyFigures = async function () {
  const specs = JSON.parse(document.getElementById('figure-specs').textContent);
  for (const [id, spec] of Object.entries(specs)) await draw(id, spec);
  document.documentElement.dataset.figures = 'done';
};
