@echo off
rem Starts aika: finds a JDK, builds what is out of date, hands over to Java. `aika test` runs the suite.
rem AIKA_JAVA_HOME chooses the JDK; AIKA_JAVA_OPTS adds JVM options, e.g. -Xmx4g.
setlocal EnableExtensions DisableDelayedExpansion
set "JDK_MIN=25"
set "ROOT=%~dp0"
set "ROOT=%ROOT:~0,-1%"
set "OUT=%ROOT%\cli\target"
set "LOG=%ROOT%\target\build.log"
set "JDK="
rem Aika prints UTF-8.
for /f "tokens=2 delims=:." %%c in ('chcp') do set "CODEPAGE=%%c"
chcp 65001 >nul

if defined AIKA_JAVA_HOME (
  call :try "%AIKA_JAVA_HOME%"
  goto chosen
)
if defined JAVA_HOME call :try "%JAVA_HOME%"
for /f "delims=" %%j in ('where java 2^>nul') do call :try "%%~dpj.."
for %%v in ("%ProgramFiles%\Java" "%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\Zulu" "%ProgramFiles%\BellSoft" "%USERPROFILE%\.jdks") do (
  for /d %%d in ("%%~v\*") do call :try "%%d"
)
:chosen
if not defined JDK goto nojdk

if /i "%~1"=="test" if not "%~2"=="--help" if not "%~2"=="-h" goto test

call :uptodate
if errorlevel 1 (
  call :build
  if errorlevel 1 goto failed
)
"%JDK%\bin\java.exe" "@%OUT%\aika.args" "-XX:SharedArchiveFile=%OUT%\aika.jsa" %AIKA_JAVA_OPTS% -jar "%OUT%\aika.jar" %*
set "RC=%ERRORLEVEL%"
goto end

:test
where mvn >nul 2>nul
if errorlevel 1 goto nomaven
if /i "%~2"=="--guards" goto guards
rem Everything after the word test goes to Maven, as it was written: cmd would split -Dtest=X at the =.
set "ARGS=%*"
set "ARGS=%ARGS:~4%"
set "JAVA_HOME=%JDK%"
pushd "%ROOT%"
call mvn -B -ntp -T1C -Dstyle.color=never verify %ARGS%
set "RC=%ERRORLEVEL%"
popd
goto end

rem Breaks the core's guards one at a time; packs no jar.
:guards
set "JAVA_HOME=%JDK%"
pushd "%ROOT%"
call mvn -B -ntp -q -Dstyle.color=never -pl sim -am test -Daika.guards=true "-Dtest=BrokenGuardsTest#everyBrokenGuardIsNoticed" -Daika.test.output.to.file=false
set "RC=%ERRORLEVEL%"
popd
goto end

rem Takes the JDK in %1 when none is taken yet and it is new enough (a JRE cannot build).
:try
if defined JDK exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "VERSION="
for /f "tokens=2 delims==." %%r in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "VERSION=%%~r"
if not defined VERSION exit /b 0
set "VERSION=%VERSION:"=%"
if %VERSION% GEQ %JDK_MIN% set "JDK=%~f1"
exit /b 0

rem Fails when a source, a folder of sources or a pom is newer than the last build.
:uptodate
if not exist "%OUT%\aika.stamp" exit /b 1
if not exist "%OUT%\aika.jar" exit /b 1
powershell -NoProfile -Command "$t = (Get-Item -LiteralPath ($env:OUT + '\aika.stamp')).LastWriteTimeUtc; $p = @($env:ROOT + '\pom.xml', ($env:ROOT + '\.mvn'), ($env:ROOT + '\cli\src\launch')) + (Get-ChildItem -Path ($env:ROOT + '\*\pom.xml'), ($env:ROOT + '\*\src\main')).FullName; if (Get-ChildItem -LiteralPath $p -Recurse | Where-Object LastWriteTimeUtc -gt $t | Select-Object -First 1) { exit 1 }"
exit /b %ERRORLEVEL%

:build
where mvn >nul 2>nul
if errorlevel 1 (
  call :saynomaven
  exit /b 1
)
if not exist "%OUT%" mkdir "%OUT%"
if not exist "%ROOT%\target" mkdir "%ROOT%\target"
del /q "%OUT%\aika.stamp" "%OUT%\aika.jsa" 2>nul
rem Taken before the build, so that what is edited meanwhile is newer.
type nul > "%OUT%\aika.stamp.new"
echo building ... 1>&2
setlocal
set "JAVA_HOME=%JDK%"
pushd "%ROOT%"
call mvn -B -ntp -Dstyle.color=never -Daika.build.only -Dmaven.test.skip=true -Dspotless.check.skip=true package > "%LOG%" 2>&1
set "RC=%ERRORLEVEL%"
popd
endlocal & set "RC=%RC%"
if not "%RC%"=="0" (
  findstr /b /c:"[ERROR]" "%LOG%" 1>&2
  echo The build failed; all of it is in %LOG% 1>&2
  echo ビルドに失敗しました。全文は %LOG% にあります。 1>&2
  exit /b 1
)
move /y "%OUT%\aika.stamp.new" "%OUT%\aika.stamp" >nul
exit /b 0

:saynomaven
echo Maven 3.8 or newer, the mvn command, was not found. Install it to build Aika. 1>&2
echo Maven 3.8 以上（mvn コマンド）が見つかりません。ビルドのためにインストールしてください。 1>&2
exit /b 0

:nomaven
call :saynomaven
goto failed

:nojdk
if defined AIKA_JAVA_HOME (
  echo AIKA_JAVA_HOME is "%AIKA_JAVA_HOME%", which is not a JDK %JDK_MIN% or newer. 1>&2
  echo AIKA_JAVA_HOME は JDK %JDK_MIN% 以上ではありません。 1>&2
) else (
  echo No JDK %JDK_MIN% or newer was found. Install one, or set JAVA_HOME or AIKA_JAVA_HOME to it. 1>&2
  echo JDK %JDK_MIN% 以上が見つかりません。JAVA_HOME または AIKA_JAVA_HOME に場所を設定してください。 1>&2
)
:failed
set "RC=1"
:end
if defined CODEPAGE chcp %CODEPAGE% >nul
exit /b %RC%
