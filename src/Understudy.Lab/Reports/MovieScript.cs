using Understudy.Lab.Figures;

namespace Understudy.Lab.Reports;

/// <summary>Figures that move, in a report: every frame a static picture, a slider and a button to play them.</summary>
/// <remarks>Without scripts the last frame is shown.</remarks>
internal static class MovieScript
{
    private const string Text = """
        <script>
        for (const movie of document.querySelectorAll('.movie')) {
          const frames = [...movie.querySelectorAll('.frame')];
          const [button, slider] = [movie.querySelector('button'), movie.querySelector('input')];
          let timer = 0;
          const show = i => frames.forEach((frame, at) => { frame.hidden = at !== i; });
          const stop = () => { clearInterval(timer); timer = 0; button.textContent = 'Play'; };
          slider.addEventListener('input', () => { stop(); show(+slider.value); });
          button.addEventListener('click', () => {
            if (timer) { stop(); return; }
            if (+slider.value === frames.length - 1) slider.value = 0;
            show(+slider.value);
            button.textContent = 'Pause';
            timer = setInterval(() => {
              if (+slider.value === frames.length - 1) { stop(); return; }
              slider.value = +slider.value + 1;
              show(+slider.value);
            }, 250);
          });
          movie.querySelector('.controls').hidden = false;
        }
        </script>

        """;

    /// <summary>The script, where any of the figures moves.</summary>
    internal static string For(IEnumerable<Figure> figures) => figures.Any(figure => figure.Frames.Count > 0) ? Text.ReplaceLineEndings("\n") : "";

    /// <summary>The frames of a figure, all but the last hidden, and the controls.</summary>
    internal static string Frames(Figure figure)
    {
        var last = figure.Frames.Count - 1;
        var frames = string.Concat(Enumerable.Range(0, last + 1).Select(i => $"<div class=\"frame\"{(i == last ? "" : " hidden")}>\n{Svg.Write(figure.At(i))}</div>\n"));
        return $"""
            <div class="plot movie">
            {frames}<div class="controls" hidden><button type="button">Play</button> <input type="range" min="0" max="{last}" value="{last}" aria-label="{HtmlReport.Text(figure.Title)}, moment"></div>
            </div>

            """.ReplaceLineEndings("\n");
    }
}
